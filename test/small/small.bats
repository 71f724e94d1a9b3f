#!/usr/bin/env bats
# What only the small executable does: it runs wherever the C program does, obeys no variable, and hands big work on. The
# suites that run it show everything else.
# needs: small,executable,ipvsadm,binutils,strace

bats_require_minimum_version 1.5.0

setup() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  small=$project/dist/small/ipvsadm
  /sbin/ipvsadm -C
}

teardown() {
  rm -f "$full"
}

# same [WRAPPER...] -- ARGUMENT...: the original and ours say and return the same in the same surroundings.
same() {
  local wrapper=() theirs ours
  while [[ $1 != -- ]]; do wrapper+=("$1"); shift; done
  shift
  theirs=$(observe "${wrapper[@]}" /sbin/ipvsadm "$@")
  ours=$(observe "${wrapper[@]}" "$small" "$@")
  echo "$*: the original: $theirs"$'\n'"ours: $ours"
  [[ ${ours//"${small%/*}"/} == "${theirs//\/sbin/}" ]]
}

# Standard output, standard error and exit status as one text.
observe() {
  local status=0
  "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" <<<"-A -t 10.0.0.9:80" || status=$?
  /sbin/ipvsadm -D -t 10.0.0.9:80 2>/dev/null || true
  printf 'out[%s] err[%s] status[%s]' "$(<"$BATS_TEST_TMPDIR/out")" "$(<"$BATS_TEST_TMPDIR/err")" "$status"
}

same_calls() {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  /sbin/ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -m
  same "$@" -- -Ln
  same "$@" -- -Sn
  same "$@" -- -Ln --stats
  same "$@" -- -R
  same "$@" -- -A -t 10.0.0.1:80
  same "$@" -- --version
  same "$@" -- nonsense
}

# In a folder that does not exist any more.
deleted_folder() {
  mkdir "$BATS_TEST_TMPDIR/gone"
  cd "$BATS_TEST_TMPDIR/gone"
  rmdir "$BATS_TEST_TMPDIR/gone"
  "$@"
}

@test "a current folder that was deleted" {
  same_calls deleted_folder
}

@test "a verb in a folder that was deleted takes no relative path for one of another folder" {
  echo "-A -t 10.0.0.1:80" >/proc.rules
  install_full "$project/dist/standalone/ipvsadm"
  run --separate-stderr deleted_folder "$small" diff -f proc.rules
  [ "$status" -eq 7 ]
  [[ $stderr == *"No such file or directory"* ]]
}

@test "a reader that went away, where SIGPIPE is ignored" {
  without_reader() { bash -c 'trap "" PIPE; mkfifo "$0"; exec 3<>"$0" 4>"$0" 3<&-; rm "$0"; "$@" >&4' "$BATS_TEST_TMPDIR/pipe" "$@"; }
  same without_reader -- -Ln
  same without_reader -- -Sn
}

@test "no /proc" {
  same_calls unshare --mount bash -c 'umount --lazy /proc; exec "$@"' bash
}

@test "64 MiB of address space, as for the original" {
  limited() { (ulimit -v 65536; exec "$@"); }
  same_calls limited
}

@test "few open files, a stack of 64 KiB, no further process" {
  limited() { (ulimit -n 8; ulimit -s 64; ulimit -u 1; exec "$@"); }
  same_calls limited
}

@test "closed standard streams" {
  closed() { "$@" <&-; }
  same closed -- -Ln
  run bash -c '"$1" -Ln >&-' bash "$small"
  [ "$status" -eq 0 ]
  run bash -c '"$1" -Ln 2>&-' bash "$small"
  [ "$status" -eq 0 ]
}

@test "it has no memory that is both writable and executable, and asks for none" {
  readelf -lW "$small" >"$BATS_TEST_TMPDIR/segments"
  grep -q 'GNU_STACK .* RW ' "$BATS_TEST_TMPDIR/segments"
  ! grep -q 'RWE' "$BATS_TEST_TMPDIR/segments"
}

@test "no variable runs anything or changes what it does" {
  echo 'require("node:fs").writeSync(2, "EVIL\n"); process.exit(66);' >"$BATS_TEST_TMPDIR/evil.js"
  evil=$BATS_TEST_TMPDIR/evil.js
  variables=(BUN_OPTIONS="--preload $evil" BUN_BE_BUN=1 NODE_OPTIONS="--require $evil" NODE_PATH=/tmp BUN_INSPECT=1
    QJS_MODULE="$evil" IPVSADM_TRACE=netlink)
  same_calls env "${variables[@]}"
  # The full executable does not see them either.
  install_full "$project/dist/standalone/ipvsadm"
  run env "${variables[@]}" "$small" watch --count 1 --json
  [ "$status" -eq 0 ]
  [[ $output != *EVIL* ]]
}

@test "NO_COLOR and TERM=dumb turn the colors of JSON on a terminal off" {
  terminal() {
    script --quiet --return --command "env $1 $small -L --timeout --json" /dev/null </dev/null
  }
  [[ $(terminal TERM=xterm) == *$'\e[34m"timeouts"'* ]]
  [[ $(terminal NO_COLOR=1) == *'  "timeouts"'* && $(terminal NO_COLOR=1) != *$'\e'* ]]
  [[ $(terminal TERM=dumb) == *'  "timeouts"'* && $(terminal TERM=dumb) != *$'\e'* ]]
}

@test "it needs libc and nothing else" {
  readelf -dW "$small" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort >"$BATS_TEST_TMPDIR/libraries"
  diff "$BATS_TEST_TMPDIR/libraries" - <<<$'libc.so.6\nlibm.so.6'
  [ "$(stat -c %s "$small")" -le $((2 * 1024 * 1024)) ]
}

@test "arguments may be any bytes" {
  same -- -A -t $'\xff\xfe:80'
  same -- -L $'\xff'
  same -- -A -f 1 -s $'\xc3\xa4'
}

@test "it dies of a broken pipe, and reports output that cannot be written" {
  run bash -c 'exec 5> >(true); wait $!; "$1" -h >&5; echo "$?"' bash "$small"
  [ "$output" = 141 ]
  run bash -c '"$1" -h >/dev/full' bash "$small"
  [ "$status" -eq 1 ]
  [ "$output" = "ipvsadm: write error: No space left on device" ]
}

@test "a verb names the package that has it, where that is not installed" {
  run "$small" watch --count 1
  [ "$status" -eq 7 ]
  [ "$output" = "ipvsadm watch: not installed: the verbs of ipvsadm are in the package ipvsadm-ts-tools" ]
}

# rules SERVICES: rules for that many services with ten servers each.
rules() {
  awk -v services="$1" 'BEGIN {
    for (service = 0; service < services; service++) {
      address = "10.0." int(service / 250) "." service % 250 + 1 ":80"
      print "-A -t " address " -s wlc"
      for (server = 1; server <= 10; server++) print "-a -t " address " -r 10.1.0." server ":80 -g -w 1"
    }
  }'
}

# executions COMMAND...: how many programs were executed for it. Its output is in the file `printed`.
executions() {
  strace -f --seccomp-bpf -e trace=execve -o "$BATS_TEST_TMPDIR/trace" "$@" >"$BATS_TEST_TMPDIR/printed"
  grep -c 'execve(' "$BATS_TEST_TMPDIR/trace"
}

@test "big work is handed on, small work is not" {
  install_full "$project/dist/standalone/ipvsadm"
  rules 1400 >"$BATS_TEST_TMPDIR/big"
  rules 4 >"$BATS_TEST_TMPDIR/little"
  for input in little big; do
    [ $input = big ] && expected=2 || expected=1
    /sbin/ipvsadm -C
    [ "$(executions "$small" -R <"$BATS_TEST_TMPDIR/$input")" -eq $expected ]
    diff "$BATS_TEST_TMPDIR/$input" <(/sbin/ipvsadm -Sn)
    [ "$(cat "$BATS_TEST_TMPDIR/$input" | executions "$small-restore")" -eq $expected ]
    diff "$BATS_TEST_TMPDIR/$input" <(/sbin/ipvsadm -Sn)
    for words in -Ln -Sn "-Ln --stats"; do
      rm -f "$full"
      # shellcheck disable=SC2086
      "$small" $words >"$BATS_TEST_TMPDIR/alone"
      install_full "$project/dist/standalone/ipvsadm"
      # shellcheck disable=SC2086
      [ "$(executions "$small" $words)" -eq $expected ]
      diff "$BATS_TEST_TMPDIR/printed" "$BATS_TEST_TMPDIR/alone"
    done
    [ "$(executions "$small" -Ln -t 10.0.0.1:80)" -eq 1 ]
  done
}

@test "big work is done where the full executable cannot run" {
  install_full "$project/dist/standalone/ipvsadm"
  rules 200 | (ulimit -v 262144 && exec "$small" -R)
  [ "$(/sbin/ipvsadm -Sn | wc -l)" -eq 2200 ]
  [ "$(ulimit -v 262144 && "$small" -Ln --thresholds | wc -l)" -eq 2203 ]
  run bash -c 'ulimit -v 262144; exec "$@"' bash "$small" watch
  [ "$status" -eq 7 ]
  [[ $output == "ipvsadm watch: verbs need what this process lacks: 8 GiB of address space (ulimit -v)" ]]
  run bash -c 'ulimit -n 20; exec "$@"' bash "$small" watch
  [[ $output == "ipvsadm watch: verbs need what this process lacks: 64 open files (ulimit -n)" ]]
}

@test "a line takes effect when it arrives, even if many follow" {
  install_full "$project/dist/standalone/ipvsadm"
  mkfifo "$BATS_TEST_TMPDIR/lines"
  "$small" -R <"$BATS_TEST_TMPDIR/lines" &
  exec 7>"$BATS_TEST_TMPDIR/lines"
  echo "-A -f 1" >&7
  eventually 60 /sbin/ipvsadm -Ln -f 1
  rules 200 >&7
  exec 7>&-
  wait $!
  [ "$(/sbin/ipvsadm -Sn | wc -l)" -eq 2201 ]
}
