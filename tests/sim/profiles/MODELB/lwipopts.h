#define TCP_CC TCP_CC_MODEL
#include "../BIG/lwipopts.h"
