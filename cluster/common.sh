# shellcheck shell=bash disable=SC2034
# Sourced by the scripts beside it, which ./millrace calls with MILLRACE_HOME set and an absolute path.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=cluster/images.sh
. "$root/cluster/images.sh"
operator_namespace=millrace-system
release=millrace

fail() {
  echo "millrace: $1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

step() {
  echo "==> $*"
}

need() {
  command -v "$1" >/dev/null || fail "$1 was not found." "$2"
}

# Runs a command whose words are no news unless it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    echo "$output" >&2
    return 1
  }
}
