# Sourced by `uml` and `qemu` with their arguments: makes the command a job, which is a folder that the guest shares with
# its runner, and ends with the runner what it started. guest-init is the guest's side.
runner=${0##*/}
(($#)) || { echo "usage: $runner COMMAND [ARGUMENT...]" >&2; exit 2; }

limit=${LAB_TIMEOUT:-600}
memory=${LAB_MEMORY:-2048M}
job=$(mktemp -d "${TMPDIR:-/tmp}/$runner.XXXXXX")
groups=()
readers=()

# The groups that the timeouts lead, and that of a User-Mode Linux, which may have made a session of its own: it writes
# down its number.
kill_guest() {
  local number file
  for number in "${groups[@]}"; do kill -KILL -- "-$number" || true; done
  for file in "$job"/*/pid; do
    if [[ -s $file ]]; then kill -KILL -- "-$(<"$file")" || true; fi
  done
} 2>/dev/null
clean_up() {
  kill_guest
  wait 2>/dev/null || true
  rm -rf "$job"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

out=
if [[ ${LAB_OUT:-} ]]; then
  mkdir -p "$LAB_OUT"
  out=$(cd "$LAB_OUT" && pwd)
fi
{
  printf 'export PATH=%q\n' "$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  if [[ $out ]]; then printf 'export LAB_OUT=%q\n' "$out"; fi
  for name in ${LAB_ENV:-}; do
    if [[ -v $name ]]; then printf 'export %s=%q\n' "$name" "${!name}"; fi
  done
  printf 'cd %q\n' "$PWD"
  printf '%q ' "$@"
} >"$job/command"
printf '%s' "$out" >"$job/out"

# start COMMAND...: a part of the guest, in the background; the last one started is the guest itself.
start() {
  timeout --kill-after=1 "$limit" "$@" &
  groups+=("$!")
}

# finish: waits for the guest, for the readers of its output, and ends as the job did.
finish() {
  local ended=0
  # An end by a signal is no news for the terminal.
  {
    wait "${groups[-1]}" || ended=$?
    kill_guest
    wait "${groups[@]}" || true
  } 2>/dev/null
  wait "${readers[@]}" || true

  if [[ -s $job/status ]]; then exit "$(<"$job/status")"; fi
  if ((ended == 124 || ended == 137)); then
    echo "$runner: the guest was ended after $limit seconds (LAB_TIMEOUT)" >&2
    exit 124
  fi
  echo "$runner: the guest ended without a result; the last lines of its console:" >&2
  tail -n 20 "$job/console" >&2
  exit 125
}
