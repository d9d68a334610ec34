/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Private copies of a host's shared object.
 *
 * The loader gives two callers of dlopen() the same copy of one file, so each
 * host gets a file of its own: DIR/.hosts/KIND.INDEX.so, made when it is
 * missing or older than DIR/KIND.so and kept for the next run. dlmopen() would
 * do without, but its namespaces hide the objects from the sanitizers.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fatal.h"
#include "world.h"

#define PATH_ROOM 1024

/* Opens a file beside `to` under a name of its own; `name` gets it. */
static int
open_temporary(const char *to, char name[PATH_ROOM])
{
  int fd;

  snprintf(name, PATH_ROOM, "%.*s-XXXXXX", PATH_ROOM - 8, to);
  fd = mkstemp(name);
  if (fd < 0) {
    fatal(EXIT_FAILURE, "cannot write %s: %s", name, strerror(errno));
  }
  return fd;
}

/* Copies so that other runs see the old file or the whole new one. */
static void
copy_file(const char *from, const char *to)
{
  char buffer[65536];
  char name[PATH_ROOM];
  ssize_t got;
  int in = open(from, O_RDONLY);
  int out = open_temporary(to, name);

  while ((got = read(in, buffer, sizeof(buffer))) > 0) {
    if (write(out, buffer, (size_t)got) != got) {
      unlink(name);
      fatal(EXIT_FAILURE, "cannot write %s: %s", name, strerror(errno));
    }
  }
  close(in);
  if (close(out) != 0 || got < 0 || rename(name, to) != 0) {
    unlink(name);
    fatal(EXIT_FAILURE, "cannot copy %s to %s: %s", from, to, strerror(errno));
  }
}

static int
is_older(const struct stat *a, const struct stat *b)
{
  return a->st_mtim.tv_sec < b->st_mtim.tv_sec ||
         (a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec < b->st_mtim.tv_nsec);
}

static void
private_copy(const char *dir, const char *kind, unsigned index, char path[PATH_ROOM])
{
  char original[PATH_ROOM];
  char folder[PATH_ROOM];
  struct stat source;
  struct stat copy;

  snprintf(original, sizeof(original), "%s/%s.so", dir, kind);
  snprintf(folder, sizeof(folder), "%s/.hosts", dir);
  if (stat(original, &source) != 0) {
    fatal(EXIT_USAGE, "no host library %s", original);
  }
  if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
    fatal(EXIT_FAILURE, "cannot make %s: %s", folder, strerror(errno));
  }
  if (snprintf(path, PATH_ROOM, "%s/%s.%u.so", folder, kind, index) >= PATH_ROOM) {
    fatal(EXIT_USAGE, "path too long: %s", folder);
  }
  if (stat(path, &copy) != 0 || is_older(&copy, &source)) {
    copy_file(original, path);
  }
}

void
world_load_host(struct world *world, unsigned number, const char *dir, const char *kind)
{
  struct node *node = &world->nodes[number];
  char path[PATH_ROOM];
  simhost_entry *entry = NULL;
  void *symbol;

  private_copy(dir, kind, number, path);
  node->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (node->library == NULL) {
    fatal(EXIT_FAILURE, "%s", dlerror());
  }
  symbol = dlsym(node->library, SIMHOST_ENTRY);
  if (symbol == NULL) {
    fatal(EXIT_FAILURE, "%s is no host library", path);
  }
  memcpy(&entry, &symbol, sizeof(entry)); /* ISO C has no such conversion */
  node->api = entry();
  if (node->api->abi != SIMHOST_ABI) {
    fatal(EXIT_FAILURE, "%s has another version of the interface", path);
  }
}
