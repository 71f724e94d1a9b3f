# Saving the table and getting it back, by option and by the two scripts.
# needs: ipvsadm

setup() {
  load expect
  prepare
}

rules='-A -t 10.0.0.1:80 -s wrr -p 300
-a -t 10.0.0.1:80 -r 192.168.0.11:8080 -m -w 2
-a -t 10.0.0.1:80 -r 192.168.0.12:8080 -m -w 1
-A -u [2001:db8::1]:53 -s rr
-a -u [2001:db8::1]:53 -r [2001:db8::11]:53 -g -w 1'

@test "what is saved restores to itself" {
  quietly feed "$rules\n" ipvsadm -R
  shows ipvsadm -Sn <<<"$rules"
  shows ipvsadm-save -n <<<"$rules"
  ipvsadm-save -n >"$BATS_TEST_TMPDIR/rules"
  ipvsadm -C
  quietly feed "$(cat "$BATS_TEST_TMPDIR/rules")\n" ipvsadm-restore
  shows ipvsadm-save -n <<<"$rules"
}

@test "ports are saved by name without -n" {
  quietly ipvsadm -A -t 10.0.0.1:80
  shows ipvsadm -S <<<"-A -t 10.0.0.1:http -s wlc"
  shows ipvsadm-save <<<"-A -t 10.0.0.1:http -s wlc"
}

@test "ipvsadm-save: other options get help, other words are ignored" {
  attempt ipvsadm-save -x
  ends 1
  holds stdout </dev/null
  holds stderr <<'END'
ipvsadm-save: Script to save the IPVS table to stdout.
   With the -n option, prints out the table in numeric format.
END
  quietly ipvsadm-save some words
}

@test "ipvsadm-restore replaces the table and skips comments" {
  quietly ipvsadm -A -t 10.9.9.9:80
  quietly feed '# saved on some day\n-A -t 10.0.0.1:80 -s rr\n#-A -t 10.0.0.2:80\n' ipvsadm-restore
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s rr"
}

@test "ipvsadm-restore of nothing clears the table" {
  quietly ipvsadm -A -t 10.9.9.9:80
  quietly ipvsadm-restore
  shows ipvsadm -Sn </dev/null
}

@test "-R adds to the table" {
  quietly ipvsadm -A -t 10.0.0.1:80
  quietly feed '-A -t 10.0.0.2:80\n' ipvsadm -R
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wlc
-A -t 10.0.0.2:80 -s wlc
END
}

@test "-R takes tabs, blank lines, the word ipvsadm and a last line without an end" {
  quietly feed '\n  \t\nipvsadm -A\t-t  10.0.0.1:80\n\n-a -t 10.0.0.1:80 -r 192.168.0.11' ipvsadm -R
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wlc
-a -t 10.0.0.1:80 -r 192.168.0.11:80 -g -w 1
END
}

@test "-R tells a refusal and goes on; its status is the last line's" {
  attempt feed '-A -t 10.0.0.1:80\n-A -t 10.0.0.1:80\n-A -t 10.0.0.2:80\n' ipvsadm -R
  ends 0
  holds stderr <<<"Service already exists"
  attempt feed '-A -t 10.0.0.3:80\n-A -t 10.0.0.1:80\n' ipvsadm -R
  ends 255
  holds stderr <<<"Service already exists"
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wlc
-A -t 10.0.0.2:80 -s wlc
-A -t 10.0.0.3:80 -s wlc
END
}

@test "-R ends at a bad value, with everything before it done" {
  attempt feed '-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 192.168.0.11 -w x\n-A -t 10.0.0.2:80\n' ipvsadm -R
  ends 2
  holds stderr <<<"illegal weight specified"
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s wlc"
}

@test "-R carries out any command" {
  attempt feed '-A -t 10.0.0.1:80\n--set 100 20 30\n-L --timeout\n-C\n-A -f 1\n' ipvsadm -R
  ends 0
  holds stdout <<<"Timeout (tcp tcpfin udp): 100 20 30"
  shows ipvsadm -Sn <<<"-A -f 1 -s wlc"
  ipvsadm --set 900 120 300
}

@test "a closed standard input is an empty one" {
  attempt ipvsadm -R <&-
  ends 0
  shows ipvsadm -Sn </dev/null
}

@test "five thousand rules go in and come out" {
  for host in {1..100}; do
    echo "-A -t 10.0.0.$host:80 -s wlc"
    for server in {1..49}; do echo "-a -t 10.0.0.$host:80 -r 192.168.0.$server:80 -m -w $server"; done
  done >"$BATS_TEST_TMPDIR/rules"
  ipvsadm-restore <"$BATS_TEST_TMPDIR/rules"
  ipvsadm-save -n | diff - "$BATS_TEST_TMPDIR/rules"
}

has_service() {
  ipvsadm -Ln | grep -q "$1"
}

@test "a line is done when it has come, not when the input ends" {
  mkfifo "$BATS_TEST_TMPDIR/lines"
  ipvsadm -R <"$BATS_TEST_TMPDIR/lines" &
  exec 7>"$BATS_TEST_TMPDIR/lines"
  echo "-A -t 10.0.0.1:80" >&7
  eventually 60 has_service 10.0.0.1:80
  echo "-A -t 10.0.0.2:80" >&7
  eventually 60 has_service 10.0.0.2:80
  exec 7>&-
  wait $!
}

@test "input that somebody made non-blocking is waited for" {
  {
    sleep 1
    echo "-A -t 10.0.0.1:80"
    sleep 1
    echo "-A -t 10.0.0.2:80"
  } | perl -MFcntl -e 'fcntl(STDIN, F_SETFL, O_NONBLOCK) or die; exec @ARGV' ipvsadm -R
  [ "$(ipvsadm -Ln | grep -c ^TCP)" -eq 2 ]
}

@test "input that cannot be read is no success" {
  run ipvsadm -R </
  [ "$status" -eq 1 ]
  [ "$output" = "ipvsadm: read error: Is a directory" ]
}
