#define LWIP_TCP_ECN 1
#include "../BIG/lwipopts.h"
