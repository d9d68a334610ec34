/* SPDX-License-Identifier: BSD-3-Clause */
/** @file JSON texts. */
#include "json.h"

void
json_text(FILE *out, const char *text)
{
  fputc('"', out);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') {
      fputc('\\', out);
    }
    fputc((unsigned char)*text < 32 ? ' ' : *text, out);
  }
  fputc('"', out);
}
