/* SPDX-License-Identifier: BSD-3-Clause */
/* The unit tests include a configure script's findings; none is needed. */
