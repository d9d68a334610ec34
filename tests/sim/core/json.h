/* SPDX-License-Identifier: BSD-3-Clause */
/** @file JSON texts. */
#ifndef SIM_JSON_H
#define SIM_JSON_H

#include <stdio.h>

/** Writes a string with its quotes; control characters become spaces. */
void json_text(FILE *out, const char *text);

#endif /* SIM_JSON_H */
