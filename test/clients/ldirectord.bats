# Debian's ldirectord, unchanged, with our programs in place of the original: the table follows the health of two real
# HTTP servers.
# needs: ipvsadm,ldirectord

setup_file() {
  load ../lab/guest
  take_over
  ip -batch - <<<"address add 10.0.0.1/32 dev lo
address add 10.0.0.11/32 dev lo
address add 10.0.0.12/32 dev lo"
  export health=$BATS_FILE_TMPDIR
  coproc node "$BATS_TEST_DIRNAME/health-server.mjs" "$health" 10.0.0.11 10.0.0.12 3>&-
  export health_server=$COPROC_PID
  read -r -t 60 -u "${COPROC[0]}" word
  [[ $word == ready ]]
}

teardown_file() {
  kill "$health_server"
}

setup() {
  load ../lab/guest
  touch "$health/10.0.0.11" "$health/10.0.0.12"
}

teardown() {
  ldirectord "$BATS_TEST_TMPDIR/ldirectord.cf" stop 3>&- || true
  cat "$BATS_TEST_TMPDIR/ldirectord.log"
  "$original/ipvsadm" -C
}

# begin QUIESCENT: starts ldirectord. A server that is ill gets weight 0 (yes) or is taken out (no).
begin() {
  cat >"$BATS_TEST_TMPDIR/ldirectord.cf" <<END
checktimeout=30
checkinterval=1
quiescent=$1
logfile="$BATS_TEST_TMPDIR/ldirectord.log"
virtual=10.0.0.1:80
        real=10.0.0.11:80 masq 1
        real=10.0.0.12:80 masq 2
        service=http
        request="/"
        receive="fine"
        scheduler=wrr
        persistent=600
        netmask=255.255.255.0
        protocol=tcp
END
  ldirectord "$BATS_TEST_TMPDIR/ldirectord.cf" start 3>&-
}

# The table as the original sees it is the service and these servers: `ADDRESS=WEIGHT ...`.
servers_are() {
  local expected="-A -t 10.0.0.1:80 -s wrr -p 600 -M 255.255.255.0" server
  for server in "$@"; do
    expected+=$'\n'"-a -t 10.0.0.1:80 -r ${server%=*}:80 -m -w ${server#*=}"
  done
  table=$("$original/ipvsadm" -S -n)
  [[ $table == "$expected" ]]
}

becomes() {
  eventually 180 servers_are "$@" || { echo "$table"; false; }
}

@test "healthy servers are added, ill ones made quiet, recovered ones given their weight back, and apply leaves them alone" {
  local theirs
  begin yes
  becomes 10.0.0.11=1 10.0.0.12=2
  rm "$health/10.0.0.12"
  becomes 10.0.0.11=1 10.0.0.12=0
  touch "$health/10.0.0.12"
  becomes 10.0.0.11=1 10.0.0.12=2

  theirs=$("$original/ipvsadm" -S -n)
  apply() {
    ipvsadm apply --undo-folder "$BATS_TEST_TMPDIR/undo" --max-delete 100% --ignore tcp:10.0.0.1:80
  }
  apply <<<$'-A -t 192.0.2.50:80 -s rr\n-a -t 192.0.2.50:80 -r 10.0.0.11:80 -m'
  diff -u <("$original/ipvsadm" -S -n | grep -v 192.0.2.50) - <<<"$theirs"
  [[ $("$original/ipvsadm" -S -n | grep -c 192.0.2.50) == 2 ]]
  apply <<<'{"ipvs": {"schema": 1}, "services": []}'
  diff -u <("$original/ipvsadm" -S -n) - <<<"$theirs"
}

@test "ill servers are removed, recovered ones added again, and the service goes with ldirectord" {
  begin no
  becomes 10.0.0.11=1 10.0.0.12=2
  rm "$health/10.0.0.11"
  becomes 10.0.0.12=2
  touch "$health/10.0.0.11"
  becomes 10.0.0.11=1 10.0.0.12=2
  ldirectord "$BATS_TEST_TMPDIR/ldirectord.cf" stop 3>&-
  empty() { table=$("$original/ipvsadm" -S -n); [[ ! $table ]]; }
  eventually 60 empty
}
