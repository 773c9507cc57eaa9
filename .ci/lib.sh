# Functions that the scripts of this folder share; each sources it, with sh.

step=
say() {
  step=$*
  printf '\n== %s\n' "$step"
}

# fail TEXT [CODE]: ends the script.
reason=
fail() {
  reason="${0##*/}: $1"
  echo "$reason" >&2
  exit "${2:-1}"
}

# reason_again CODE: repeats what failed, at the end of a script that prints logs after a failure.
reason_again() { echo "${reason:-${0##*/}: a command ended with $1${step:+, in: $step}}" >&2; }

# expect WHAT WANTED GOT
expect() {
  [ "$2" = "$3" ] || fail "$1: expected $2, got $3"
  echo "ok  $1: $3"
}

# until_true SECONDS COMMAND…: tries the command ten times a second.
until_true() {
  tries=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "$*: still fails" >&2; return 1; }
    sleep 0.1
  done
}

# free_port: prints an unused port of this machine, below those that the kernel assigns.
free_port() {
  while :; do
    port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ":$(printf %04X "$port") " || break
  done
  echo "$port"
}

# remove FOLDER: tries again later if a class archive is still being written there after its command has ended.
remove() { rm -rf "$1" 2>/dev/null || { sleep 10; rm -rf "$1"; }; }

millis() { echo $(($(date +%s%N) / 1000000)); }

# block PAGE MARK: prints the first code block after this mark in this page of docs/. Not in a pipe, which would hide a
# failure.
block() {
  found=$(awk -v mark="<!-- checked: $2 -->" '$0 == mark { on = 1; next } on && /^```/ { if (inside) exit; inside = 1; next } inside' \
    "$(dirname "$0")/../docs/$1")
  [ -n "$found" ] || fail "$1: no block marked $2"
  printf '%s\n' "$found"
}

# docker_login FOLDER: writes Docker's config into this folder, with the registry's login if there is one.
docker_login() {
  export DOCKER_CONFIG="$1"
  [ -z "${RELEASE_REGISTRY_USER:-}" ] || printf %s "$RELEASE_REGISTRY_PASSWORD" | docker login \
    --username "$RELEASE_REGISTRY_USER" --password-stdin "${RELEASE_IMAGES%%/*}" >/dev/null 2>&1
}
