# The rates of the watcher under real traffic, with the kernel's own as the judge.
# needs: ipvsadm,procps,calm

load ../traffic/suite

# A load, and the kernel's estimate of it, falter where the machine stops the guest: COMMAND has to succeed once in ten times.
once_in_ten() {
  local attempt
  for attempt in {1..10}; do
    if "$@"; then return; fi
  done
  return 1
}

teardown() {
  for process in ${traffic:-} ${watcher:-}; do kill "$process" 2>/dev/null || true; done
}

# The kernel's estimate follows the load over some seconds, so means over the same twenty seconds are compared.
@test "rates of the watcher agree with the kernel's" {
  director /sbin/ipvsadm -A -t "$front4:80" -s rr
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.11:80 -m
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.12:80 -m
  ip netns exec client bash -c 'while exec 3<>"/dev/tcp/$1/80"; do printf hello >&3; read -r -n 1 -t 10 <&3; exec 3>&-; sleep 0.05; done' traffic "$front4" 3>&- &
  traffic=$!
  # The kernel's estimate begins at nothing and rises for a while.
  local highest=0 calm=0 estimate
  until ((calm == 6)); do
    sleep 2
    estimate=$(director /sbin/ipvsadm -Ln --rate --exact | awk '$1 == "TCP" { print $5 }')
    if ((estimate > highest || estimate == 0)); then highest=$estimate calm=0; else calm=$((calm + 1)); fi
  done
  once_in_ten rates_agree
}

rates_agree() {
  director ipvsadm watch -n --interval 1 --count 20 >"$BATS_TEST_TMPDIR/watch" 3>&- &
  local watcher=$!
  while kill -0 "$watcher" 2>/dev/null; do
    director /sbin/ipvsadm -Ln --rate --exact
    sleep 0.5
  done >"$BATS_TEST_TMPDIR/kernel"
  awk '
    function number(text) { return text * (text ~ /k$/ ? 1000 : text ~ /M$/ ? 1000000 : 1) }
    # Prot Name Scheduler Active Inact Conn/s Pkt/s-in out Byte/s-in out, and Prot Name CPS InPPS OutPPS InBPS OutBPS.
    FILENAME ~ /watch$/ && $1 == "TCP" && ++ours > 3 { for (i = 0; i < 5; i++) sum[i] += number($(6 + i)) }
    FILENAME ~ /kernel$/ && $1 == "TCP" && ++theirs > 3 { for (i = 0; i < 5; i++) kernel[i] += $(3 + i) }
    END {
      good = ours > 10 && theirs > 3
      for (i = 0; i < 5; i++) {
        mine = sum[i] / (ours - 3); its = kernel[i] / (theirs - 3)
        printf "%.1f %.1f\n", mine, its
        if (mine <= 0 || mine > its * 1.25 + 1 || mine < its * 0.75 - 1) good = 0
      }
      exit !good
    }' "$BATS_TEST_TMPDIR/watch" "$BATS_TEST_TMPDIR/kernel"
}

# start_load: twenty connections per second, until the file `end` is there.
start_load() {
  rm -f "$BATS_TEST_TMPDIR/end"
  ip netns exec client perl -MTime::HiRes=time,sleep -MIO::Socket::INET -e '
    my ($address, $end) = @ARGV;
    for (my $next = time; !-e $end; $next += 0.05) {
      my $pause = $next - time;
      sleep $pause if $pause > 0;
      IO::Socket::INET->new(PeerAddr => $address, PeerPort => 80, Timeout => 60) or die "no connection";
    }' "$front4" "$BATS_TEST_TMPDIR/end" 3>&- &
  traffic=$!
}

# steady INTERVAL: the watcher shows twenty connections per second in every refresh.
steady() {
  director ipvsadm watch -n --interval "$1" --count "$(awk "BEGIN { print int(6 / $1) + 2 }")" >"$BATS_TEST_TMPDIR/watch"
  echo "interval $1:"
  awk -v interval="$1" '
    $1 == "Total" { refresh++; rate = $2 }
    $1 == "TCP" { rate = $6 }
    $1 == "->" { rate = $7 }
    ($1 == "Total" || $1 == "TCP" || $1 == "->") && (refresh - 1) * interval >= 3 {
      seen++
      if (rate < 14 || rate > 26) { bad++; print refresh, $1, rate }
    }
    END { exit !(seen > 3 && !bad) }' "$BATS_TEST_TMPDIR/watch"
}

@test "a steady load shows in every refresh at every interval, and 0 after it" {
  director /sbin/ipvsadm -A -t "$front4:80" -s rr
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.11:80 -m
  start_load
  for interval in 0.5 1 3.5; do once_in_ten steady $interval; done
  # Not by the function, whose process would be another one than the watcher's.
  ip netns exec director ipvsadm watch -n --interval 1 >"$BATS_TEST_TMPDIR/watch" 3>&- &
  watcher=$!
  # shown CONDITION: whether it holds for the rates in both lines of the last refresh.
  shown() {
    awk '$1 == "Total" { good = 0; rate = $2 } $1 == "TCP" { rate = $6 }
      $1 == "Total" || $1 == "TCP" { good += rate '"$1"' } END { exit good != 2 }' "$BATS_TEST_TMPDIR/watch"
  }
  eventually 60 shown ">= 14"
  touch "$BATS_TEST_TMPDIR/end"
  wait "$traffic"
  eventually 60 shown "== 0"
}

@test "a server at its upper threshold stands out" {
  director /sbin/ipvsadm -A -t "$front4:80" -s rr
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.11:80 -m -x 2
  ip netns exec client bash -c 'exec 3<>"/dev/tcp/$1/80" 4<>"/dev/tcp/$1/80"; for each in 3 4; do printf hello >&$each; read -r -n 1 <&$each; done; echo ready; exec sleep infinity' \
    hold "$front4" </dev/null >"$BATS_TEST_TMPDIR/held" 3>&- &
  traffic=$!
  until [[ -s $BATS_TEST_TMPDIR/held ]]; do kill -0 "$traffic"; done
  run director ipvsadm watch -n --count 1
  [[ "$output" == *" ! -> 10.0.2.11:80"* ]]
}
