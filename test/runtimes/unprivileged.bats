#!/usr/bin/env bats
# -L --json --unprivileged on each runtime, on what a real kernel shows to everybody.
# needs: executable,small

bats_require_minimum_version 1.5.0

setup() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  folders=("$project/test/lab/bin" "$project/dist/standalone" "$project/dist/small")
}

# Without any capability, but still root, to whom the files of the project belong.
unprivileged() { setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"; }

@test "where the kernel refuses, /proc answers, with what it has" {
  "$project/dist/small/ipvsadm" -R <<'RULES'
-A -t 10.0.0.1:80 -s rr -p 100
-a -t 10.0.0.1:80 -r 10.0.0.2 -i -w 3 -x 100 -y 50
-A -t [2001:db8::1]:443 -s sh -b sh-port -p 100 -M 64
-A -f 7 -6
RULES
  for folder in "${folders[@]}"; do
    run ! unprivileged "$folder/ipvsadm" -L --json
    unprivileged "$folder/ipvsadm" -L --json --unprivileged >"$BATS_TEST_TMPDIR/document"
    node "$project/test/json/validate.mjs" "$BATS_TEST_TMPDIR/document"
    cat "$BATS_TEST_TMPDIR/document"
    grep -q '"source":"proc"' "$BATS_TEST_TMPDIR/document"
    grep -q '"address":"10.0.0.2","port":80,"forward":"tunnel","weight":3,"active_connections":0' "$BATS_TEST_TMPDIR/document"
    grep -q '"persistent":{"prefixlen":64}' "$BATS_TEST_TMPDIR/document"
    grep -q '"totals":{"stats":{"connections":0' "$BATS_TEST_TMPDIR/document"
    run ! grep -E 'threshold|timeout|sched_flags|daemons' "$BATS_TEST_TMPDIR/document"
    run unprivileged "$folder/ipvsadm" -Lc --json --unprivileged
    [[ $status -eq 0 && $output == *'"source":"proc"'*'"connections":'* ]]
    # Who may ask the kernel gets all of it.
    run "$folder/ipvsadm" -L --json --unprivileged
    [[ $status -eq 0 && $output == *'"source":"netlink"'*upper_threshold*totals*timeouts* ]]
  done
}

# hidden COMMAND...: where /proc has processes only, as ProcSubset=pid of a systemd unit has it.
hidden() { unshare --mount bash -c 'mount -t proc -o subset=pid proc /proc && exec "$@"' hidden "$@"; }

@test "where /proc/net is hidden, that is said" {
  for folder in "${folders[@]}"; do
    run hidden setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$folder/ipvsadm" -L --json --unprivileged
    echo "$folder: $status $output"
    [[ $status -eq 1 && $output == "/proc/net does not exist: /proc is not mounted, or is hidden "*ProcSubset=pid* ]]
  done
}
