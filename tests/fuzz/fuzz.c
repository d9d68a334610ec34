/* SPDX-License-Identifier: BSD-3-Clause
 * See fuzz.h. The fuzzer calls LLVMFuzzerTestOneInput() again and again in one process; every input begins in the
 * same world, so that one that fails does so by itself, too. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8_t *data, size_t size);

static const u8_t *next;
static size_t left;

size_t
food_left(void)
{
  return left;
}

static u32_t
bite(void)
{
  if (left == 0) {
    return 0;
  }
  left--;
  return *next++;
}

u32_t
food(u32_t n)
{
  u32_t value = bite();
  if (n > 256) {
    value = value << 8 | bite();
  }
  if (n > 65536) {
    value = value << 16 | bite() << 8 | bite();
  }
  return value % n;
}

u8_t
fuzz_peers_byte(u32_t seq)
{
  return (u8_t)(seq * 31U + (seq >> 8));
}

u8_t
fuzz_our_byte(u32_t seq)
{
  return (u8_t)(seq * 17U + (seq >> 7));
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
  LWIP_UNUSED_ARG(argc);
  LWIP_UNUSED_ARG(argv);
  clock_source = CLOCK_SYS_NOW;
  world_start();
  return 0;
}

int
LLVMFuzzerTestOneInput(const u8_t *data, size_t size)
{
  static const u32_t clocks[] = { 1000000, 0xffffff00U, 0x7fffff00U, 1 };
  next = data;
  left = size;
  world_restart(clocks[food(LWIP_ARRAYSIZE(clocks))]);
  fail_alloc = 0;
  fail_all = 0;
  lossy = 1;
  fuzz_one();
  assert_clean();
  return 0;
}
