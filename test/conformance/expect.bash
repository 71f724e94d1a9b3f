# Sourced by the suites here: exact expectations of what a command prints and how it ends.

bats_require_minimum_version 1.5.0

# attempt COMMAND...: runs it and keeps its output, every byte, in files.
attempt() {
  ended=0
  "$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" || ended=$?
}

# holds FILE: what the last command printed there is exactly standard input.
holds() {
  diff -u - "$BATS_TEST_TMPDIR/$1"
}

# lacks FILE: the last command printed nothing there. A look takes less than a process, of which there would be hundreds.
lacks() {
  [[ ! -s $BATS_TEST_TMPDIR/$1 ]] || holds "$1" </dev/null
}

# ends STATUS: how the last command ended.
ends() {
  [[ $ended == "$1" ]] || { echo "exit status $ended instead of $1"; cat "$BATS_TEST_TMPDIR/stderr"; return 1; }
}

# quietly COMMAND...: it succeeds and prints nothing.
quietly() {
  attempt "$@" </dev/null
  ends 0 && lacks stdout && lacks stderr
}

# shows COMMAND...: it succeeds and prints what is on standard input.
shows() {
  local expected
  expected=$(cat; echo .)
  attempt "$@" </dev/null
  ends 0 && lacks stderr && printf '%s' "${expected%.}" | holds stdout
}

# refuses STATUS MESSAGE COMMAND...: it fails with that status, MESSAGE is all it prints, on standard error.
refuses() {
  local status=$1 message=$2
  shift 2
  attempt "$@" </dev/null
  ends "$status" && lacks stdout && holds stderr <<<"$message"
}

# feed TEXT COMMAND...: TEXT, as printf understands it, on the command's standard input.
feed() {
  local text=$1
  shift
  # shellcheck disable=SC2059
  printf -- "$text" | "$@"
}

# The suites' common set-up: our programs on PATH (or those under test), and a table that Debian's ipvsadm has emptied,
# which takes a twentieth of the time of Node.
prepare() {
  load ../lab/guest
  /sbin/ipvsadm -C
}
