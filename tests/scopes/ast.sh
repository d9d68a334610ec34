# SPDX-License-Identifier: BSD-3-Clause
# Sourced by tests/scopes/run: the check of the syntax tree, over our files and over seeded copies.

# variant NAME: its compiler flags.
variant() {
  sed -n "s/^$1: *//p" "$REPO/tests/symbols/variants"
}

# every_branch NAME...: what the check is to see, these configurations compile.
every_branch() {
  local unseen
  unseen=$(python3 -B - "$REPO/tests/symbols" "$@" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import branches, symbols
known = symbols.variants()
files = [path for path in sorted(symbols.ALT.rglob("*.[ch]")) if "test" not in path.stem]
for line in branches.unseen([path for path in files if path.suffix == ".c"],
                            [path for path in files if path.suffix == ".h"],
                            [symbols.arguments("2.2.1", known[name]) for name in sys.argv[2:]]):
    print(line)
END
  ) || unseen="the question failed"
  if [[ -z $unseen ]]; then
    ok ast/every-branch-is-seen
  else
    not_ok ast/every-branch-is-seen "not: ${unseen//$'\n'/, }"
  fi
}

ast() {
  local names=(ipv4 full odd rest threads threads-mailbox insecure scope-check-hash compat-wheel tiny tiny-undo tiny-frto no-rack no-prr model pluggable-newreno pluggable-model) name log=$out/ast.log
  ((!fast)) || names=(full)
  ((fast)) || every_branch "${names[@]}"
  for name in "${names[@]}"; do
    if python3 -B "$here/ast_check.py" --tree "$tree" --variant "$(variant "$name") " >"$log" 2>&1; then
      ok "ast/$name"
    else
      not_ok "ast/$name" "$(wc -l <"$log") violations, the first: $(head -n1 "$log")"
      sed 's/^/  /' "$log"
    fi
  done
}

seeded() {
  local log=$out/seeded.log line flags=()
  ((!fast)) || flags=(--fast)
  python3 -B "$here/seeded.py" "$tree" "$out/seeded" "${flags[@]}" >"$log" 2>"$log.err" || true
  while IFS= read -r line; do
    case $line in
      "ok "*) ok "seeded/${line#ok }" ;;
      "not ok "*) line=${line#not ok }; not_ok "seeded/${line%%: the check*}" "the check${line#*: the check}" ;;
    esac
  done <"$log"
  [[ ! -s $log.err ]] || not_ok seeded "$(tail -n1 "$log.err")"
}
