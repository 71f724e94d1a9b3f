# Sourced by the tests of the watcher.

# until_true COMMAND...: waits, 30 seconds at most, until the command succeeds.
until_true() {
  local deadline=$((SECONDS + 30))
  until "$@"; do
    ((SECONDS < deadline)) || { echo "still not true after 30 s: $*" >&2; tail -n 5 "${events:-/dev/null}" >&2; return 1; }
    read -r -t 0.2 <> <(:) || true
  done
}
