# SPDX-License-Identifier: BSD-3-Clause
# Part of run: lists and documents that must agree with the sources.

# What is in tcp_alt/, sorted.
sources() {
  (cd "$REPO/tcp_alt" && find . -name '*.c' | sed 's|^\./||' | sort)
}

# same WHAT EXPECTED FOUND: compares two files line by line.
same() {
  diff -u --label expected --label "$1" "$2" "$3" && return 0
  echo "$1 differs from what is expected"
  return 1
}

list_of_cmake() {
  local folder=$OUT/lists
  mkdir -p "$folder"
  cat >"$folder/print.cmake" <<'END'
set(LWIP_TCP_ALT_DIR FOLDER)
include(${LIST})
foreach(file IN LISTS lwiptcpalt_SRCS)
  string(REPLACE FOLDER/ "" file ${file})
  file(APPEND ${RESULT} "${file}\n")
endforeach()
if(NOT lwiptcpalt_INCLUDE_DIRS STREQUAL "FOLDER/include")
  message(FATAL_ERROR "lwiptcpalt_INCLUDE_DIRS is ${lwiptcpalt_INCLUDE_DIRS}")
endif()
END
  rm -f "$folder/cmake"
  cmake -DLIST="$REPO/tcp_alt/Filelists.cmake" -DRESULT="$folder/cmake" -P "$folder/print.cmake"
  sources >"$folder/sources"
  same tcp_alt/Filelists.cmake "$folder/sources" "$folder/cmake"
}

list_of_make() {
  local folder=$OUT/lists
  mkdir -p "$folder"
  cat >"$folder/print.mk" <<'END'
TCPALTDIR := FOLDER
include $(LIST)
$(info $(TCPALTINCDIRS))
$(foreach file,$(TCPALTFILES),$(info $(patsubst FOLDER/%,%,$(file))))
all:
END
  make -s -f "$folder/print.mk" LIST="$REPO/tcp_alt/Filelists.mk" | sed '/^make:/d' >"$folder/make"
  { echo FOLDER/include; sources; } >"$folder/sources.mk"
  same tcp_alt/Filelists.mk "$folder/sources.mk" "$folder/make"
}

# lwIP's make rules flatten objects: a basename of lwIP's would silently link the wrong file.
no_name_of_lwip() {
  local common
  common=$(comm -12 <(sources | xargs -n1 basename | sort) \
    <(find "$TREE/src" -path "$TREE/src/tcp_*" -prune -o -name '*.c' -print |
      xargs -n1 basename | sort -u))
  [[ -z $common ]] || { echo "lwIP has files of these names: $common"; return 1; }
}

# Each accessor the header names is called by the test of listeners, and by that of dialects.
accessors_all_called() {
  local folder=$OUT/lists caller
  mkdir -p "$folder"
  grep -oE '^[a-z].*[ *]tcp_[a-z0-9_]+\(.*\);' "$REPO/lwip/include/lwip/tcp_access.h" |
    sed -E 's/\(.*//; s/.*[ *]//' | sort -u >"$folder/accessors"
  [[ -s $folder/accessors ]] || { echo "the header names no accessor"; return 1; }
  for caller in accessors/accessors.c compile/headers.c; do
    grep -oE 'tcp_[a-z0-9_]+\(' "$HERE/$caller" | sed 's/(//' | sort -u \
      >"$folder/called"
    comm -23 "$folder/accessors" "$folder/called" >"$folder/missing"
    [[ ! -s $folder/missing ]] || { echo "$caller lacks: $(tr '\n' ' ' <"$folder/missing")"; return 1; }
  done
}

# Files that README.md and docs/ point at are there.
links() {
  local page target missing=0
  for page in "$REPO"/README.md "$REPO"/docs/*.md; do
    while IFS= read -r target; do
      [[ -e $(dirname "$page")/$target ]] && continue
      echo "${page#"$REPO/"} points at $target, which is not there"
      missing=1
    done < <(grep -oE '\]\([^):#]+\)' "$page" | sed 's/^](//; s/)$//')
  done
  return "$missing"
}

# suite FOLDER NAME LINE...: a suite that says these lines; the last argument is how it ends.
suite() {
  local file=$1/$2/run
  shift 2
  mkdir -p "$(dirname "$file")"
  { echo '#!/bin/bash'; printf 'echo "%s"\n' "${@:1:$#-1}"; echo "${@: -1}"; } >"$file"
  chmod +x "$file"
}

# counts FOLDER CODE LAST OPTION...: what tools/check makes of the suites there.
counts() {
  local folder=$1 code=$2 last=$3 status=0 output
  shift 3
  output=$("$REPO/tools/check" --from "$folder" "$@") || status=$?
  echo "$output"
  [[ $status == "$code" ]] || { echo "exit code $status, not $code"; return 1; }
  [[ $(tail -n1 <<<"$output") == "$last" ]] || { echo "the last line is not '$last'"; return 1; }
}

# A check that could not fail would be worse than none.
check_counts() {
  local folder=$OUT/suites
  rm -rf "$folder"
  suite "$folder" good "ok one" "ok two" "2 passed, 0 failed, 1 skipped" "exit 0"
  counts "$folder" 0 "2 passed, 0 failed"
  suite "$folder" bad "not ok three: why" "1 passed, 1 failed" "exit 1"
  suite "$folder" silent "ok four" "exit 0"             # no count: one failure
  suite "$folder" liar "3 passed, 0 failed" "exit 1"    # counts none, ends badly: one failure
  suite "$folder" blind "3 passed, 1 failed" "exit 0"   # counts one, ends well: one more
  suite "$folder" deaf "not ok six: why" "3 passed, 0 failed" "exit 0" # hides one: one failure
  suite "$folder" empty "0 passed, 0 failed" "exit 0"   # one failure
  suite "$folder" hanging "ok five" "sleep 60"          # one failure
  suite "$folder" gone "" "exit 0"
  printf '#!/nowhere\n' >"$folder/gone/run"             # cannot start: one failure
  touch "$folder/bad/serial"
  counts "$folder" 1 "12 passed, 9 failed" --limit 0.1
  counts "$folder" 0 "2 passed, 0 failed" good
  refused "no suite nosuch: there are" "$REPO/tools/check" --from "$folder" nosuch
}

test_texts() {
  try lists/cmake list_of_cmake
  try lists/make list_of_make
  try lists/basenames no_name_of_lwip
  try lists/accessors accessors_all_called
  try docs/options python3 "$HERE/options_doc.py" page
  try lists/options-used python3 "$HERE/options_doc.py" used "${TREE-}"
  try docs/dependencies python3 "$HERE/packages_doc.py"
  try docs/links links
  try check/counts check_counts
}
