# SPDX-License-Identifier: BSD-3-Clause
# Part of run: projects that build and run.

JOBS=$(nproc)

# configure FOLDER PROJECT OPTION...: a fresh configure, so that no cache entry survives a change.
configure() {
  local folder=$1 project=$2
  shift 2
  rm -rf "$folder/CMakeCache.txt"
  cmake -S "$HERE/$project" -B "$folder" "$@"
}

# build FOLDER TARGET...
build() {
  local folder=$1
  shift
  cmake --build "$folder" -j "$JOBS" --target "$@"
}

# runs PROGRAM BACKEND: it ends well, and only that backend's TCP is in it.
runs() {
  local program=$1 backend=$2 theirs=tcp_enqueue_flags
  "$program" | tee "$program.out"
  grep -q "^echo: ok, $backend TCP\$" "$program.out"
  if [[ $backend == alt ]]; then
    has_symbol "$program" tcp_alt_
    ! has_symbol "$program" "$theirs" || { echo "legacy's TCP is in the program"; return 1; }
  else
    has_symbol "$program" "$theirs"
    ! has_symbol "$program" tcp_alt_ || { echo "alt's TCP is in the program"; return 1; }
  fi
}

has_symbol() {
  nm "$1" | grep " [TtDdBb] $2" >/dev/null # not -q: nm would die of a closed pipe
}

# ---- (a) add_subdirectory ---------------------------------------------------

# One configure, the application against either backend and the selected one.
subdirectory() {
  local folder=$1 backend=$2
  shift 2
  configure "$folder" subdirectory -DREPO="$REPO" -DLWIP_TCP_BACKEND="$backend" "$@"
  build "$folder" echo "echo_$backend"
  runs "$folder/echo" "$backend"
  runs "$folder/echo_$backend" "$backend"
}

both_in_one_configure() {
  build "$OUT/subdirectory" echo_legacy echo_alt
  runs "$OUT/subdirectory/echo_legacy" legacy
  runs "$OUT/subdirectory/echo_alt" alt
}

# A variable of the including project selects, too; no cache entry is needed. And a project that
# keeps to C90 need not change: the backend asks for C99 itself.
selected_by_variable() {
  configure "$OUT/variable" subdirectory -DREPO="$REPO" -DLWIP_DIR="$TREE" -DSELECT=alt \
    -DCMAKE_C_STANDARD=90
  build "$OUT/variable" echo
  runs "$OUT/variable/echo" alt
}

# The project that README.md shows.
readme() {
  local folder=$OUT/readme
  rm -rf "$folder"
  mkdir -p "$folder"
  sed -n '/^```cmake$/,/^```$/{/^```/!p}' "$REPO/README.md" >"$folder/CMakeLists.txt"
  ln -s "$(pristine_tree 2.2.1)" "$folder/lwip"
  ln -s "$HERE/common" "$folder/port"
  ln -s "$REPO" "$folder/lwip-tcp-alt"
  cp "$HERE/common/echo.c" "$folder/main.c"
  cmake -S "$folder" -B "$folder/build"
  build "$folder/build" app
  runs "$folder/build/app" alt
}

# ---- (b) (c) (d) ------------------------------------------------------------

own_cmake() {
  configure "$OUT/own_cmake" own_cmake -DLWIP_DIR="$TREE" -DLWIP_TCP_ALT_DIR="$REPO/tcp_alt"
  build "$OUT/own_cmake" "echo_$1"
  runs "$OUT/own_cmake/echo_$1" "$1"
}

own_make() {
  make -j "$JOBS" -C "$HERE/own_make" LWIPDIR="$TREE/src" TCPALTDIR="$REPO/tcp_alt" \
    BACKEND="$1" OUT="$OUT/own_make/$1"
  runs "$OUT/own_make/$1/echo" "$1"
}

tree_lists() {
  local definition=LWIP_DEBUG=1
  [[ $1 == legacy ]] || definition+=";LWIP_TCP_ALT=1"
  configure "$OUT/tree_lists/$1" tree_lists -DLWIP_DIR="$TREE" -DBACKEND_DEFINITION="$definition"
  build "$OUT/tree_lists/$1" echo
  runs "$OUT/tree_lists/$1/echo" "$1"
}

# ---- accessors --------------------------------------------------------------

# accessors BACKEND COMPAT: every accessor on a listener that is a heap block of its own.
accessors() {
  local folder=$OUT/accessors/$1-$2
  configure "$folder" accessors -DREPO="$REPO" -DLWIP_DIR="$TREE" -DLWIP_TCP_BACKEND="$1" \
    -DCOMPAT="$2"
  build "$folder" accessors echo
  # Wide gaps between heap blocks: what reads far behind a listener must not hit another block.
  ASAN_OPTIONS=redzone=1024 "$folder/accessors"
  "$folder/echo"
}

# ---- what must not work -----------------------------------------------------

settings() {
  configure "$OUT/settings" subdirectory -DREPO="$REPO" -DLWIP_DIR="$TREE" "$@"
}

# A folder that is no lwIP; CMake breaks the lines of a message by the lengths of its words.
wrong_tree() {
  mkdir -p "$OUT/$1"
  settings -DLWIP_DIR="$OUT/$1"
}

# mixed NAME COMPILED LINKED: an object that uses NAME only, compiled for one backend, must not link
# with the other's library; with its own it does.
mixed() {
  local name=$1 compiled=$2 linked=$3 object=$OUT/mixed-$1-$2.o
  local library=$OUT/subdirectory/lwip/liblwipcore
  gcc -c -o "$object" -DLWIP_TCP_ALT=$([[ $compiled == alt ]] && echo 1 || echo 0) \
    -DUSE_"$name" -I"$HERE/common" -I"$TREE/src/include" "$HERE/compile/mixed.c"
  gcc -o "$object.out" "$object" "${library}_$compiled.a"
  # Each backend has a name of its own for the function.
  refused "undefined reference to .tcp_(alt_)?${name#tcp_}'" gcc -o "$object.out" "$object" "${library}_$linked.a"
}

# An object that knows the face must not link with a library that has another one.
mixed_compat() {
  local object=$OUT/mixed-compat-$1.o
  gcc -c -o "$object" -DLWIP_TCP_ALT=1 -DLWIP_TCP_PCB_COMPAT=1 -DUSE_"$1" -I"$HERE/common" \
    -I"$TREE/src/include" "$HERE/compile/mixed.c"
  refused "undefined reference to .tcp_alt_${1#tcp_}_compat'" \
    gcc -o "$object.out" "$object" "$OUT/subdirectory/lwip/liblwipcore_alt.a"
}

test_mixed() {
  local name
  for name in tcp_new tcp_new_ip_type tcp_arg tcp_accept tcp_listen_with_backlog \
    tcp_listen_with_backlog_and_err; do
    try "mixed/$name/alt-object" mixed "$name" alt legacy
    try "mixed/$name/legacy-object" mixed "$name" legacy alt
    try "mixed/$name/compat-object" mixed_compat "$name"
  done
}

test_builds() {
  local backend name
  for backend in legacy alt; do
    try "subdirectory/$backend" subdirectory "$OUT/subdirectory" "$backend" -DLWIP_DIR="$TREE"
  done
  try subdirectory/both-in-one-configure both_in_one_configure
  test_mixed
  try "accessors/alt" accessors alt 0
  try settings/unknown-backend refused "'fancy': choose legacy, alt or both" \
    settings -DLWIP_TCP_BACKEND=fancy
  try settings/no-lwipopts refused "no lwipopts.h" settings -DNO_OPTIONS=1
  for name in empty empty-folder-of-a-long-name empty-folder-of-a-name-that-fills-a-line-alone; do
    try "settings/not-lwip/$name" refused "not an lwIP source tree" wrong_tree "$name"
  done
  try settings/both-linked refused "LWIP_TCP_BACKEND already determined" settings -DLINK_BOTH=1
  ((!fast)) || return 0

  try subdirectory/variable selected_by_variable
  try subdirectory/readme readme
  try subdirectory/every-app build "$OUT/subdirectory" every_app
  for backend in legacy alt; do
    try "subdirectory/2.1.3/$backend" subdirectory "$OUT/subdirectory-2.1.3" "$backend" \
      -DLWIP_VERSION=2.1.3
    try "subdirectory/lwip-dir/$backend" from_release "$backend"
    try "own-cmake/$backend" own_cmake "$backend"
    try "own-make/$backend" own_make "$backend"
    try "tree-lists/$backend" tree_lists "$backend"
  done
  try "accessors/alt-compat" accessors alt 1
  try "accessors/legacy" accessors legacy 0
}

# A release as it comes, and lwIP's own include folder named as lwIP users are used to.
from_release() {
  local release
  release=$(pristine_tree 2.2.1)
  subdirectory "$OUT/subdirectory-release" "$1" -DLWIP_DIR="$release" -DNAME_LWIP_INCLUDES=1
}
