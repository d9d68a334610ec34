/* SPDX-License-Identifier: BSD-3-Clause
 * The assertions of the test library, for programs that run without it: a fuzzer wants an abort. */
#ifndef TCP_ALT_TESTS_FUZZ_CHECK_H
#define TCP_ALT_TESTS_FUZZ_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define ck_fail_here(text) \
  (fprintf(stderr, "ERROR: %s:%d: failed: %s\n", __FILE__, __LINE__, text), abort())
#define ck_assert(x)           ((x) ? (void)0 : ck_fail_here(#x))
#define ck_assert_msg(x, ...)  ((x) ? (void)0 : (fprintf(stderr, __VA_ARGS__), ck_fail_here(#x)))
#define ck_abort_msg(text)     ck_fail_here(text)
#define ck_assert_int_eq(a, b) ck_assert((a) == (b))
#define ck_assert_int_ne(a, b) ck_assert((a) != (b))
#define ck_assert_int_le(a, b) ck_assert((a) <= (b))
#define ck_assert_int_lt(a, b) ck_assert((a) < (b))
#define ck_assert_int_ge(a, b) ck_assert((a) >= (b))
#define ck_assert_int_gt(a, b) ck_assert((a) > (b))
#define ck_assert_uint_eq      ck_assert_int_eq
#define ck_assert_uint_ne      ck_assert_int_ne
#define ck_assert_uint_le      ck_assert_int_le
#define ck_assert_uint_lt      ck_assert_int_lt
#define ck_assert_uint_ge      ck_assert_int_ge
#define ck_assert_uint_gt      ck_assert_int_gt
#define ck_assert_ptr_eq       ck_assert_int_eq
#define ck_assert_ptr_null(p)  ck_assert((p) == NULL)
#define ck_assert_ptr_nonnull(p) ck_assert((p) != NULL)

#endif
