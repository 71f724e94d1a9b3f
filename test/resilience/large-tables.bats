# Tables of production size, and restores that are killed on the way.

setup_file() {
  load ../lab/guest
  take_over
}

setup() {
  load ../lab/guest
  "$original/ipvsadm" -C
}

# rules SERVICES SERVERS: a rules file in the order in which a table is saved.
rules() {
  awk -v services="$1" -v servers="$2" 'BEGIN {
    for (i = 0; i < services; i++) {
      address = sprintf("10.%d.%d.%d:80", i / 62500 + 1, i / 250 % 250, i % 250 + 1)
      print "-A -t " address " -s wrr"
      for (j = 1; j <= servers; j++) print "-a -t " address " -r 192.168." int(i / 250) "." j ":8080 -m -w " i % 9 + j
    }
  }'
}

@test "5,000 services with 10 servers each restore and save back equal" {
  rules 5000 10 >"$BATS_TEST_TMPDIR/rules"
  ipvsadm-restore <"$BATS_TEST_TMPDIR/rules"
  ipvsadm-save -n >"$BATS_TEST_TMPDIR/saved"
  cmp "$BATS_TEST_TMPDIR/rules" "$BATS_TEST_TMPDIR/saved"
  "$original/ipvsadm" -S -n | cmp "$BATS_TEST_TMPDIR/rules" -
}

# Returns when the table has so many services and servers, or the process is gone.
grown() {
  local table lines=$1 process=$2
  until mapfile -t table </proc/net/ip_vs && ((${#table[@]} - 3 >= lines)); do
    kill -0 "$process" 2>/dev/null || return 0
  done
}

@test "a restore that is killed leaves a table that equals a beginning of the file" {
  local seed=${SEED:-20191224} rounds=10 partial=0 round moment lines restore
  echo "seed $seed"
  RANDOM=$seed
  rules 300 30 >"$BATS_TEST_TMPDIR/rules"
  for ((round = 1; round <= rounds; round++)); do
    "$original/ipvsadm" -C
    ipvsadm -R <"$BATS_TEST_TMPDIR/rules" 3>&- &
    restore=$!
    moment=$((RANDOM % 9000))
    grown $moment "$restore"
    kill -KILL "$restore" 2>/dev/null || true
    wait "$restore" || true
    "$original/ipvsadm" -S -n >"$BATS_TEST_TMPDIR/left"
    lines=$(wc -l <"$BATS_TEST_TMPDIR/left")
    echo "killed when it had restored $moment lines: $lines lines"
    cmp "$BATS_TEST_TMPDIR/left" <(head -n "$lines" "$BATS_TEST_TMPDIR/rules")
    if ((lines > 0 && lines < 9300)); then partial=$((partial + 1)); fi
  done
  # Kills before the first and after the last line alone would prove nothing.
  ((partial > 0))
}
