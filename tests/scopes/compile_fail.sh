# SPDX-License-Identifier: BSD-3-Clause
# Sourced by tests/scopes/run: each file of compile_fail/ tries one forbidden thing and must not
# compile, for the reason it states; without that line it must.

# What a compiler says, by reason.
declare -A REASONS=(
  [read-only]="in read-only object|with const-qualified type"
  [incomplete]="invalid use of undefined type|incomplete definition of type"
  [discarded]="discards .?(const|qualifiers)"
  [cast]="cast discards .const. qualifier|drops const qualifier"
  [poisoned]="attempt to use (a )?poisoned"
  [switch]="enumeration value .* not (explicitly )?handled"
)

# What it may add after that.
declare -A ECHOES=([poisoned]="implicit declaration of function .LWIP_CONST_CAST")

# clothing PART: a header with everything that PART's files include.
clothing() {
  local part=$1 files
  case $part in
    doors) files=("$alt"/tcp_alt.c "$alt"/tcp_alt_{arrive,data,listen,tmr,app,life,access}.c) ;;
    way_out) files=("$alt"/tcp_alt_{out,send}.c) ;;
    *) files=("$alt/$part"/*.c) ;;
  esac
  # What forbids something comes last, as in the files themselves.
  echo '#include "lwip/priv/tcp_alt_side.h"'
  grep -h '^#include "' "${files[@]}" | grep -v tcp_alt_component.h | sort -u
  grep -h '^#include "lwip/priv/tcp_alt_component.h"' "${files[@]}" | sort -u || true
  echo '#ifdef TWIN'
  echo '#define FORBIDDEN(...)'
  echo '#define WITHOUT_ATTEMPT(...) __VA_ARGS__'
  echo '#else'
  echo '#define FORBIDDEN(...) __VA_ARGS__'
  echo '#define WITHOUT_ATTEMPT(...)'
  echo '#endif'
}

# compile CC FILE FLAG...: only looks at the file.
compile() {
  local cc=$1 file=$2 extra=-Wdiscarded-qualifiers
  shift 2
  [[ $cc != clang ]] || extra=-Wincompatible-pointer-types-discards-qualifiers
  # Every message is of interest, so none ends the compilation.
  "$cc" -std=c99 -fsyntax-only -Wall -Wextra -Wcast-qual -Wswitch-enum "$extra" -Werror \
    -DLWIP_TCP_ALT=1 -DTCP_ALT_HASH=64 -I"$REPO/tests/symbols/config" -I"$alt/include" \
    -isystem "$tree/src/include" "$@" "$file"
}

compile_fail() {
  local cc file name part reason wanted log
  for cc in "${compilers[@]}"; do
    for file in "$here"/compile_fail/*.c; do
      name=$cc/$(basename "$file" .c)
      log=$out/compile_fail.log
      part=$(sed -n 's/.*clothing: \([a-z_]*\);.*/\1/p' "$file")
      reason=$(sed -n 's/.*reason: \([a-z-]*\) .*/\1/p' "$file")
      wanted=${REASONS[$reason]:-}
      if [[ -z $part || -z $wanted ]]; then
        not_ok "$name" "says neither clothing nor a known reason"
        continue
      fi
      [[ -f $out/clothing/$part.h ]] || clothing "$part" >"$out/clothing/$part.h"
      if ! compile "$cc" "$file" -include "$out/clothing/$part.h" -DTWIN >"$log" 2>&1; then
        not_ok "$name" "its twin does not compile: $(grep -m1 error "$log")"
      elif compile "$cc" "$file" -include "$out/clothing/$part.h" >"$log" 2>&1; then
        not_ok "$name" "compiles"
      elif ! grep -m1 error: "$log" | grep -qE "$wanted"; then
        not_ok "$name" "not for the reason '$reason': $(grep -m1 error: "$log")"
      elif grep error: "$log" | grep -vqE "$wanted|${ECHOES[$reason]:-$wanted}"; then
        not_ok "$name" "for another reason too: $(grep error: "$log" | grep -vEm1 "$wanted")"
      else
        ok "$name"
      fi
    done
  done
}
