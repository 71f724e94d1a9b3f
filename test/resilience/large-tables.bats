# Tables of production size, and restores that are killed on the way.
# needs: executable,ipvsadm

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

@test "a small send buffer loses no rule" {
  local default=$(</proc/sys/net/core/wmem_default) size program
  rules 10 100 >"$BATS_TEST_TMPDIR/rules"
  for size in 4608 16384; do
    echo $size >/proc/sys/net/core/wmem_default
    for program in ipvsadm "$BATS_TEST_DIRNAME/../../dist/standalone/ipvsadm"; do
      "$original/ipvsadm" -C
      "$program" -R <"$BATS_TEST_TMPDIR/rules" || status=$?
      echo "$program with $size bytes: ${status:-0}"
      "$original/ipvsadm" -S -n | cmp "$BATS_TEST_TMPDIR/rules" - || status=1
    done
  done
  echo "$default" >/proc/sys/net/core/wmem_default
  [ "${status:-0}" -eq 0 ]
}

# Returns when the table has so many services and servers, or the process is gone.
grown() {
  local table lines=$1 process=$2
  until mapfile -t table </proc/net/ip_vs && ((${#table[@]} - 3 >= lines)); do
    kill -0 "$process" 2>/dev/null || return 0
  done
}

# Each of these starts a restore and returns at some moment of it. The kernel carries out a datagram of changes as a whole:
# moments by size and by time find the ends of datagrams, each with hundreds of lines; those by bytes find any line.

at_a_size() {
  local lines=$((RANDOM % 9000))
  ipvsadm -R <"$BATS_TEST_TMPDIR/rules" 3>&- &
  restore=$!
  grown $lines "$restore"
  echo "killed when the table had $lines lines"
}

# The rest of the input is still to come, from the middle of a line on.
at_a_byte() {
  local bytes=$(((RANDOM << 15 | RANDOM) % size)) lines
  lines=$(head -c "$bytes" "$BATS_TEST_TMPDIR/rules" | wc -l)
  ipvsadm -R <"$BATS_TEST_TMPDIR/input" 3>&- &
  restore=$!
  exec {input}>"$BATS_TEST_TMPDIR/input"
  head -c "$bytes" "$BATS_TEST_TMPDIR/rules" >&"$input"
  grown "$lines" "$restore"
  echo "killed when it had read $bytes bytes and restored $lines lines"
}

at_a_time() {
  local milliseconds=$((RANDOM % duration))
  ipvsadm -R <"$BATS_TEST_TMPDIR/rules" 3>&- &
  restore=$!
  sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
  echo "killed after $milliseconds ms of $duration"
}

@test "a restore that is killed leaves a table that equals a beginning of the file" {
  local seed=${SEED:-20191224} round moment lines restore size duration input
  local -A partial=()
  echo "seed $seed"
  RANDOM=$seed
  rules 300 30 >"$BATS_TEST_TMPDIR/rules"
  size=$(wc -c <"$BATS_TEST_TMPDIR/rules")
  mkfifo "$BATS_TEST_TMPDIR/input"
  duration=${EPOCHREALTIME/./}
  ipvsadm -R <"$BATS_TEST_TMPDIR/rules"
  duration=$(((${EPOCHREALTIME/./} - duration) / 1000))

  for round in {1..4}; do
    for moment in at_a_size at_a_byte at_a_time; do
      "$original/ipvsadm" -C
      $moment
      kill -KILL "$restore" 2>/dev/null || true
      wait "$restore" || true
      "$original/ipvsadm" -S -n >"$BATS_TEST_TMPDIR/left"
      lines=$(wc -l <"$BATS_TEST_TMPDIR/left")
      echo "left: $lines lines"
      cmp "$BATS_TEST_TMPDIR/left" <(head -n "$lines" "$BATS_TEST_TMPDIR/rules")
      if ((lines > 0 && lines < 9300)); then partial[$lines]=$moment; fi
    done
  done
  # Kills before the first and after the last line alone would prove nothing, nor would kills at one place. Those by bytes are
  # never too late.
  ((${#partial[@]} >= 4))
}
