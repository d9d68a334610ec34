#define TCP_CC TCP_CC_MODEL
#include "../MCU_SACK/lwipopts.h"
