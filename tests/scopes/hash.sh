# SPDX-License-Identifier: BSD-3-Clause
# Sourced by tests/scopes/run: debug builds hash the other components around every handler. Simulated
# hosts of such a build carry lossy traffic; one whose rod reaches behind itself is caught at once.

# simulator TREE OUT PROFILES: simulated hosts that check their scopes.
simulator() {
  make -s -j2 -C "$REPO/tests/sim" TREE="$1" OUT="$2" BACKENDS=alt PROFILES="$3" \
    OPT_plain="-O1 -g1 -DTCP_ALT_SCOPE_CHECK=1" >"$out/make.log" 2>&1
}

# simulate OUT PROFILE WORKLOAD SEED: exit code 0 if the run is right.
simulate() {
  "$1/simrun" --quiet --seed "$4" --backend alt --set profile="$2" \
    "$REPO/tests/sim/scenarios/campaign_$3.sim" >"$out/simrun.log" 2>&1
}

# seed_rod DIR: a copy of the neutral tree whose rod writes into what lies behind it.
seed_rod() {
  cp -r "$tree" "$1"
  rm -rf "$1/src/tcp_alt"
  cp -rL "$tree/src/tcp_alt" "$1/src/tcp_alt"
  python3 - "$1/src/tcp_alt" <<'END'
import pathlib, re, sys
for path in pathlib.Path(sys.argv[1]).glob("rod/*.c"):
    text, count = re.subn(r"(\ntcp_alt_rod_close\([^)]*\)\n\{\n)",
                          r"\1  ((u8_t *)(void *)(rod + 1))[0] ^= 1;\n", path.read_text())
    if count:
        path.write_text(text)
        sys.exit(0)
sys.exit("no tcp_alt_rod_close() to seed")
END
}

hash() {
  local profiles="MCU DUAL MANY" profile workload seed
  if python3 -B "$here/handlers.py" "$tree" >"$out/handlers.log" 2>&1; then
    ok hash/every-handler-is-wrapped
  else
    not_ok hash/every-handler-is-wrapped "$(tail -n1 "$out/handlers.log")"
  fi
  ((!fast)) || return 0 # building hosts takes its time
  need_packages make libpcap-dev
  if ! simulator "$tree" "$out/sim" "$profiles"; then
    not_ok hash/build "$(grep -m1 -E 'error|Error' "$out/make.log")"
    return 0
  fi
  for profile in $profiles; do
    for workload in bulk short; do
      for seed in 1 2 3; do
        if simulate "$out/sim" "$profile" "$workload" "$seed"; then
          ok "hash/$profile-$workload-$seed"
        else
          not_ok "hash/$profile-$workload-$seed" "$(grep -m1 . "$out/simrun.log")"
        fi
      done
    done
  done
  seed_rod "$out/tree"
  if ! simulator "$out/tree" "$out/seeded_sim" MCU; then
    not_ok hash/seeded "does not build: $(grep -m1 -E 'error|Error' "$out/make.log")"
  elif simulate "$out/seeded_sim" MCU short 1; then
    not_ok hash/seeded "a rod that writes flow is not noticed"
  elif grep -q "tcp_alt_rod_close() of rod wrote flow" "$out/simrun.log"; then
    ok hash/seeded
  else
    not_ok hash/seeded "another end: $(grep -m1 . "$out/simrun.log")"
  fi
}
