#!/usr/bin/env bats
# The stand-in for the kernel that the benchmark uses: the original and ours print the same on it and on the real kernel.
# needs: ipvsadm,small,gcc

setup() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  gcc -shared -fPIC -O2 -Wall -Werror -o "$BATS_TEST_TMPDIR/stand-in.so" "$BATS_TEST_DIRNAME/stand-in.c" -ldl
  /sbin/ipvsadm -C
  export STAND_IN_TABLE=7x5 STAND_IN_PROC=$BATS_TEST_TMPDIR
}

on_stand_in() { LD_PRELOAD=$BATS_TEST_TMPDIR/stand-in.so "$@"; }

@test "a table is listed and saved as the kernel's is" {
  on_stand_in /sbin/ipvsadm -Sn >"$BATS_TEST_TMPDIR/rules"
  [ "$(wc -l <"$BATS_TEST_TMPDIR/rules")" -eq 42 ]
  /sbin/ipvsadm -R <"$BATS_TEST_TMPDIR/rules"
  cp /proc/net/ip_vs /proc/net/ip_vs_conn /proc/net/ip_vs_stats "$BATS_TEST_TMPDIR"
  for program in /sbin/ipvsadm "$project/dist/small/ipvsadm"; do
    for options in -Ln -Sn "-Ln --stats" "-Ln --rate" "-Ln --thresholds" "-Ln --persistent-conn" -Lnc; do
      # shellcheck disable=SC2086
      diff <("$program" $options) <(on_stand_in "$program" $options)
    done
  done
  document() { "$@" "$project/dist/small/ipvsadm" -Ln --json | sed 's/"taken_at":"[^"]*"//'; }
  [ "$(document env | wc -l)" -gt 7 ]
  diff <(document env) <(document on_stand_in)
}

@test "the counters of a busy director are listed alike by both" {
  export STAND_IN_BUSY=1
  for options in --stats --rate "--stats --exact"; do
    # shellcheck disable=SC2086
    diff <(on_stand_in /sbin/ipvsadm -Ln $options) <(on_stand_in "$project/dist/small/ipvsadm" -Ln $options)
  done
  on_stand_in /sbin/ipvsadm -Ln --stats | grep -q '[0-9]M  *[0-9]*M$'
}

@test "changes succeed there, and change nothing" {
  for program in /sbin/ipvsadm "$project/dist/small/ipvsadm"; do
    on_stand_in "$program" -A -t 10.1.1.1:80
    on_stand_in "$program" -a -t 10.1.1.1:80 -r 10.1.1.2 -m
    on_stand_in "$program" -R <<<"-A -f 1"
    [ "$(on_stand_in "$program" -Sn | wc -l)" -eq 42 ]
  done
  [ "$(/sbin/ipvsadm -Sn)" = "" ]
}
