/* SPDX-License-Identifier: BSD-3-Clause
 * Files for lwIP's httpd, mapped so that TCP sends them without a copy. */
#include "apps.h"

#include "lwip/apps/fs.h"
#include "lwip/apps/httpd.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILES 8

static struct served {
  char uri[256];
  const char *data;
  int len;
} files[MAX_FILES];
static int n_files;

static const char *
map_file(const char *path, int *len)
{
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  struct stat st;
  void *data = MAP_FAILED;

  if (fd < 0) {
    return NULL;
  }
  if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= INT_MAX) {
    data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    *len = (int)st.st_size;
  }
  close(fd);
  return data == MAP_FAILED ? NULL : (const char *)data;
}

int
httpd_serve(const char *unused)
{
  static int started;

  LWIP_UNUSED_ARG(unused);
  if (!started) {
    httpd_init();
    started = 1;
  }
  return 1;
}

int
files_serve(const char *path)
{
  struct served *file = &files[n_files];
  const char *slash = strrchr(path, '/');
  const char *base = slash != NULL ? slash + 1 : path;

  if (n_files == MAX_FILES || strlen(base) + 2 > sizeof(file->uri)) {
    return 0;
  }
  file->data = map_file(path, &file->len);
  if (file->data == NULL) {
    return 0;
  }
  snprintf(file->uri, sizeof(file->uri), "/%s", base);
  n_files++;
  return httpd_serve(NULL);
}

int
fs_open_custom(struct fs_file *file, const char *name)
{
  int i;

  for (i = 0; i < n_files; i++) {
    if (strcmp(files[i].uri, name) == 0) {
      memset(file, 0, sizeof(*file));
      file->data = files[i].data;
      file->len = files[i].len;
      file->flags = FS_FILE_FLAGS_HEADER_PERSISTENT; /* the length is known */
      file->index = files[i].len; /* everything is in data: nothing to read later */
      return 1;
    }
  }
  return 0;
}

void
fs_close_custom(struct fs_file *file)
{
  LWIP_UNUSED_ARG(file);
}

int
fs_read_custom(struct fs_file *file, char *buffer, int count)
{
  LWIP_UNUSED_ARG(file);
  LWIP_UNUSED_ARG(buffer);
  LWIP_UNUSED_ARG(count);
  return FS_READ_EOF;
}
