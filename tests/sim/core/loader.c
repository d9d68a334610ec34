/* SPDX-License-Identifier: BSD-3-Clause */
/** @file
 * Private copies of a host's shared object.
 *
 * The loader gives two callers of dlopen() the same copy of one file, so each
 * host gets a file of its own. dlmopen() would do without, but its namespaces
 * hide the objects from the sanitizers.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fatal.h"
#include "world.h"

#define PATH_ROOM 512

static char copies_dir[PATH_ROOM];

static void
remove_copies(void)
{
  unsigned i;

  for (i = 0; i < WORLD_NODES_MAX; i++) {
    char path[PATH_ROOM + 32];
    snprintf(path, sizeof(path), "%s/host%u.so", copies_dir, i);
    unlink(path);
  }
  rmdir(copies_dir);
}

static void
make_copies_dir(void)
{
  const char *base = getenv("TMPDIR");

  if (copies_dir[0] != '\0') {
    return;
  }
  snprintf(copies_dir, sizeof(copies_dir), "%s/simrun-XXXXXX", base != NULL ? base : P_tmpdir);
  if (mkdtemp(copies_dir) == NULL) {
    fatal(EXIT_FAILURE, "cannot make a folder like %s", copies_dir);
  }
  atexit(remove_copies);
}

static void
copy_file(const char *from, const char *to)
{
  char buffer[65536];
  ssize_t got;
  int in = open(from, O_RDONLY);
  int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0700);

  if (in < 0) {
    fatal(EXIT_USAGE, "no host library %s", from);
  }
  if (out < 0) {
    fatal(EXIT_FAILURE, "cannot write %s", to);
  }
  while ((got = read(in, buffer, sizeof(buffer))) > 0) {
    if (write(out, buffer, (size_t)got) != got) {
      fatal(EXIT_FAILURE, "cannot write %s", to);
    }
  }
  close(in);
  close(out);
}

void
world_load_host(struct world *world, unsigned number, const char *library_path)
{
  struct node *node = &world->nodes[number];
  char path[PATH_ROOM + 32];
  simhost_entry *entry = NULL;
  void *symbol;

  make_copies_dir();
  snprintf(path, sizeof(path), "%s/host%u.so", copies_dir, number);
  copy_file(library_path, path);
  node->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (node->library == NULL) {
    fatal(EXIT_FAILURE, "%s", dlerror());
  }
  symbol = dlsym(node->library, SIMHOST_ENTRY);
  if (symbol == NULL) {
    fatal(EXIT_FAILURE, "%s is no host library", library_path);
  }
  memcpy(&entry, &symbol, sizeof(entry)); /* ISO C has no such conversion */
  node->api = entry();
  if (node->api->abi != SIMHOST_ABI) {
    fatal(EXIT_FAILURE, "%s has another version of the interface", library_path);
  }
}
