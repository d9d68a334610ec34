# SPDX-License-Identifier: BSD-3-Clause
# Shell functions that tools and tests share. Source it; it sets REPO and nothing else.

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# die MESSAGE...: says why and ends the program.
die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# need_packages PKG...: installs through apt what is missing; silent when nothing is.
need_packages() {
  _has_packages "$@" && return 0
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "please install these packages (no root and no sudo here): $(_missing_packages "$@")"
  fi
  mkdir -p "$REPO/build"
  # One at a time: apt does not wait for its lists, and two suites may ask at once.
  (
    flock 8
    _has_packages "$@" || _install_packages $(_missing_packages "$@") 8>&-
  ) 8>"$REPO/build/.packages.lock" || exit 1
}

_missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      echo "$package"
  done
}

_has_packages() {
  [[ -z $(_missing_packages "$@") ]]
}

_install_packages() {
  echo "installing packages: $*" >&2
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  ((EUID == 0)) || apt=(sudo "${apt[@]}")
  local install=("${apt[@]}" install -y --no-install-recommends "$@")
  # The lists may be missing or too old: only then fetch them.
  "${install[@]}" >/dev/null 2>&1 </dev/null && return 0
  "${apt[@]}" update >&2 </dev/null || echo "apt-get update failed, trying all the same" >&2
  "${install[@]}" >&2 </dev/null || die "could not install: $*"
}

# neutral_tree VERSION: prints the path of an up-to-date tree with both backends below build/.
# Our files in it are links, so only new names, lwIP itself and the generator make it stale.
neutral_tree() {
  local version=$1
  local out=$REPO/build/lwip-$version
  mkdir -p "$REPO/build"
  (
    flock 9
    local stamp key
    stamp=$REPO/build/.lwip-$version.stamp
    key=$(_tree_key)
    if [[ ! -d $out || ! -f $stamp || $(<"$stamp") != "$key" ]]; then
      "$REPO/tools/lwip-tree" --version "$version" --link-alt --refresh "$out" >&2 || exit 1
      echo "$key" >"$stamp"
    fi
  ) 9>"$REPO/build/.lwip-$version.lock" || die "no neutral tree of lwIP $version"
  echo "$out"
}

# What a neutral tree depends on: the generator's files and the names of ours.
_tree_key() {
  (
    cd "$REPO"
    {
      find tools/lwip-tree lwip -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum
      find tcp_alt lwip/include -name '*.[ch]' 2>/dev/null | sort
    } | sha256sum
  )
}

# pristine_tree VERSION: prints the path of the unpacked release below .cache/.
pristine_tree() {
  mkdir -p "$REPO/.cache"
  (
    flock 9
    "$REPO/tools/lwip-tree" --fetch-only "$1"
  ) 9>"$REPO/.cache/.lock" || die "no sources of lwIP $1"
}
