# Sourced by the tests of the watcher.

# until_true COMMAND...: waits, 60 seconds at most, until the command succeeds.
until_true() {
  local deadline=$((SECONDS + 60))
  until "$@"; do
    ((SECONDS < deadline)) || { echo "still not true after 60 s: $*" >&2; tail -n 5 "${events:-/dev/null}" >&2; return 1; }
    read -r -t 0.2 <> <(:) || true
  done
}
