# SPDX-License-Identifier: BSD-3-Clause
# Sourced by tests/scopes/run: the check of the syntax tree, over our files and over seeded copies.

# variant NAME: its compiler flags.
variant() {
  sed -n "s/^$1: *//p" "$REPO/tests/symbols/variants"
}

ast() {
  local names=(ipv4 full odd threads) name log=$out/ast.log
  ((!fast)) || names=(full)
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
