/* SPDX-License-Identifier: BSD-3-Clause
 * What the applications' starters share: arguments and files. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
parts_of(struct parts *parts, const char *arg, int n)
{
  char *rest = parts->text;
  int i;

  if (strlen(arg) >= sizeof(parts->text)) {
    return 0;
  }
  strcpy(parts->text, arg);
  for (i = 0; i < n; i++) {
    char *end = strchr(rest, ',');

    if ((end == NULL) != (i == n - 1)) {
      return 0;
    }
    parts->part[i] = rest;
    if (end != NULL) {
      *end = '\0';
      rest = end + 1;
    }
  }
  return 1;
}

int
parts_address(const struct parts *parts, int first, ip_addr_t *addr, u16_t *port)
{
  *port = (u16_t)strtoul(parts->part[first + 1], NULL, 10);
  return ipaddr_aton(parts->part[first], addr) && *port != 0;
}

char *
file_contents(const char *path, size_t *len)
{
  FILE *file = fopen(path, "rb");
  char *bytes = NULL;
  long size;

  if (file == NULL) {
    perror(path);
    return NULL;
  }
  if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
    bytes = (char *)calloc(1, (size_t)size + 1);
    *len = (size_t)size;
    if (bytes != NULL && fread(bytes, 1, *len, file) != *len) {
      free(bytes);
      bytes = NULL;
    }
  }
  fclose(file);
  return bytes;
}
