/* SPDX-License-Identifier: BSD-3-Clause
 * lwIP's TFTP server, with the files of one folder. */
#include "parts.h"

#include "lwip/apps/tftp_server.h"
#include "lwip/init.h"

#include <stdio.h>
#include <string.h>

static const char *folder;

static void *
file_open(const char *name, const char *mode, u8_t write)
{
  char path[512];

  LWIP_UNUSED_ARG(mode);
  if (strchr(name, '/') != NULL ||
      snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path)) {
    return NULL;
  }
  return fopen(path, write ? "wb" : "rb");
}

static void
file_close(void *handle)
{
  fclose((FILE *)handle);
}

static int
file_read(void *handle, void *buf, int bytes)
{
  return (int)fread(buf, 1, (size_t)bytes, (FILE *)handle);
}

static int
file_write(void *handle, struct pbuf *p)
{
  for (; p != NULL; p = p->next) {
    if (fwrite(p->payload, 1, p->len, (FILE *)handle) != p->len) {
      return -1;
    }
  }
  return 0;
}

int
tftp_serve(const char *path)
{
  static struct tftp_context files;

  folder = path;
  files.open = file_open;
  files.close = file_close;
  files.read = file_read;
  files.write = file_write;
#if LWIP_VERSION_MAJOR == 2 && LWIP_VERSION_MINOR < 2
  return tftp_init(&files) == ERR_OK;
#else
  return tftp_init_server(&files) == ERR_OK;
#endif
}
