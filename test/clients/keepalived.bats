# Debian's keepalived, unchanged, writes the table itself, over netlink. Ours shows and saves it as the original does, and
# the two can work on one table.
# needs: ipvsadm,keepalived

setup_file() {
  load ../lab/guest
  take_over
  ip -batch - <<<"address add 10.0.0.1/32 dev lo
address add 10.0.0.11/32 dev lo
address add 10.0.0.12/32 dev lo
address add fd00::11/128 dev lo nodad"
  export health=$BATS_FILE_TMPDIR
  coproc node "$BATS_TEST_DIRNAME/health-server.mjs" "$health" 10.0.0.11 10.0.0.12 fd00::11 3>&-
  export health_server=$COPROC_PID
  read -r -t 60 -u "${COPROC[0]}" word
  [[ $word == ready ]]
  configuration >"$health/keepalived.conf"
}

teardown_file() {
  kill "$health_server"
}

# Its checks know three kinds of illness: no connection (10.0.0.11), a wrong answer (10.0.0.12) and a program that fails
# (10.0.0.13).
configuration() {
  cat <<END
global_defs {
  script_user root
  enable_script_security
}
virtual_server_group fronts {
  10.0.0.1 80
  10.0.0.2-3 8080
  fwmark 7
}
virtual_server group fronts {
  delay_loop 1
  lvs_sched wrr
  lvs_method NAT
  protocol TCP
  persistence_timeout 600
  sorry_server 10.0.0.99 80
  real_server 10.0.0.11 80 {
    weight 3
    uthreshold 1000
    lthreshold 800
    TCP_CHECK {
      connect_timeout 30
      retry 0
    }
  }
  real_server 10.0.0.12 80 {
    weight 2
    inhibit_on_failure
    HTTP_GET {
      url {
        path /
        status_code 200
      }
      connect_timeout 30
      retry 0
    }
  }
}
virtual_server fd00::1 80 {
  delay_loop 1
  lvs_sched mh
  mh-port
  mh-fallback
  lvs_method TUN type gue port 6080 csum
  protocol TCP
  real_server fd00::11 80 {
    weight 5
    TCP_CHECK {
      connect_timeout 30
      retry 0
    }
  }
}
virtual_server 10.0.0.1 5060 {
  delay_loop 1
  lvs_sched rr
  lvs_method DR
  protocol UDP
  persistence_timeout 60
  persistence_granularity 255.255.255.0
  persistence_engine sip
  ops
  real_server 10.0.0.13 5060 {
    MISC_CHECK {
      misc_path "/usr/bin/test -e $health/10.0.0.13"
      misc_timeout 30
      retry 0
    }
  }
  real_server 10.0.0.14 5060 {
  }
}
END
}

setup() {
  load ../lab/guest
  ip address replace 10.0.0.11/32 dev lo
  touch "$health"/{10.0.0.11,10.0.0.12,10.0.0.13,fd00::11}
  keepalived --check --dont-fork --log-console --log-detail --use-file "$health/keepalived.conf" \
    --pid "$BATS_TEST_TMPDIR/pid" --checkers_pid "$BATS_TEST_TMPDIR/checkers-pid" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
  keepalived=$!
  becomes "${healthy[@]}"
  eventually 60 checked
}

teardown() {
  kill "$keepalived"
  wait "$keepalived" || true
  cat "$BATS_TEST_TMPDIR/log"
  # keepalived takes its services with it.
  "$original/ipvsadm" -S -n
  [[ ! $("$original/ipvsadm" -S -n) ]]
}

# Every check has found its server well.
checked() {
  (($(grep -Ec 'TCP connection to .* success|Remote Web server .* succeed|Misc check .* succeeded' "$BATS_TEST_TMPDIR/log") >= 4))
}

# Servers of the group and of the UDP service, one a line.
healthy=($'10.0.0.11:80 -m -w 3\n10.0.0.12:80 -m -w 2' $'10.0.0.13:5060 -g -w 1\n10.0.0.14:5060 -g -w 1')

# rules SERVICE SETTINGS SERVERS
rules() {
  echo "-A $1 $2"
  sed "s/^/-a $1 -r /" <<<"$3"
}

# The table as the original sees it has these servers in the group and in the UDP service.
table_is() {
  local expected service
  expected=$(
    for service in "-t 10.0.0.1:80" "-t 10.0.0.2:8080" "-t 10.0.0.3:8080"; do rules "$service" "-s wrr -p 600" "$1"; done
    rules "-u 10.0.0.1:5060" "-s rr -p 60 -M 255.255.255.0 --pe sip -o" "$2"
    rules "-t [fd00::1]:80" "-s mh -b mh-fallback,mh-port" \
      "[fd00::11]:80 -i -w 5 --tun-type gue --tun-port 6080 --tun-csum"
    rules "-f 7" "-s wrr -p 600" "$1"
  )
  table=$("$original/ipvsadm" -S -n)
  [[ $table == "$expected" ]]
}

becomes() {
  eventually 60 table_is "$@" || { echo "$table"; false; }
}

# same ARGUMENT...: ours prints what the original prints.
same() {
  diff -u <("$original/ipvsadm" "$@" 2>&1) <(ipvsadm "$@" 2>&1)
}

@test "every view of keepalived's table is the original's" {
  local client connection view
  for client in 1 2 3; do
    exec {connection}<>/dev/tcp/10.0.0.1/80
    exec {connection}>&-
  done
  counted() { [[ $("$original/ipvsadm" -Ln --stats | awk '$2 == "10.0.0.1:80" { print $3 }') == 3 ]]; }
  eventually 30 counted

  for view in "" --stats --thresholds --persistent-conn --tun-info "-f 7"; do
    # shellcheck disable=SC2086
    same -L -n $view
  done
  same -S -n
}

@test "what is saved restores to keepalived's table, as rules and as a document" {
  local table
  table=$("$original/ipvsadm" -S -n)
  cd "$BATS_TEST_TMPDIR"
  ipvsadm-save -n >rules
  ipvsadm-save --json >document
  [[ $(<rules) == "$table" ]]

  # A network namespace of its own has an empty table. The kernel tells addresses apart once lo is up.
  ip netns add restored
  ip -n restored link set lo up
  restored() { ip netns exec restored "$original/ipvsadm" "$@"; }
  ip netns exec restored ipvsadm-restore <rules
  diff -u <(restored -S -n) rules

  # Rules have no thresholds; a document has.
  ip netns exec restored ipvsadm-restore <document
  diff -u <(restored -S -n) rules
  thresholds() { awk '$1 == "->" { print $2, $3, $4 }'; }
  diff -u <(restored -L -n --thresholds | thresholds) <("$original/ipvsadm" -L -n --thresholds | thresholds)
  ip netns delete restored
}

@test "servers that fall ill are removed, made quiet, replaced, and come back" {
  ip address delete 10.0.0.11/32 dev lo
  rm "$health/10.0.0.13"
  becomes "10.0.0.12:80 -m -w 2" "10.0.0.14:5060 -g -w 1"
  same -L -n

  # The last one is made quiet, and the sorry server takes its place.
  rm "$health/10.0.0.12"
  becomes $'10.0.0.12:80 -m -w 0\n10.0.0.99:80 -m -w 1' "10.0.0.14:5060 -g -w 1"
  same -L -n --thresholds

  ip address add 10.0.0.11/32 dev lo
  touch "$health/10.0.0.12" "$health/10.0.0.13"
  becomes "${healthy[@]}"
  same -L -n --thresholds
}

@test "keepalived goes on where our edits changed weights" {
  local calls=$'10.0.0.13:5060 -g -w 60\n10.0.0.14:5060 -g -w 1' service
  for service in "-t 10.0.0.1:80" "-t 10.0.0.2:8080" "-t 10.0.0.3:8080" "-f 7"; do
    # shellcheck disable=SC2086
    ipvsadm -e $service -r 10.0.0.11:80 -m -w 40
    # shellcheck disable=SC2086
    ipvsadm -e $service -r 10.0.0.12:80 -m -w 50
  done
  ipvsadm -e -u 10.0.0.1:5060 -r 10.0.0.13:5060 -g -w 60
  table_is $'10.0.0.11:80 -m -w 40\n10.0.0.12:80 -m -w 50' "$calls"
  same -L -n

  # It takes out servers that were edited, and brings them back with the weights of its configuration.
  ip address delete 10.0.0.11/32 dev lo
  becomes "10.0.0.12:80 -m -w 50" "$calls"
  rm "$health/10.0.0.12" "$health/10.0.0.13"
  becomes $'10.0.0.12:80 -m -w 0\n10.0.0.99:80 -m -w 1' "10.0.0.14:5060 -g -w 1"
  ip address add 10.0.0.11/32 dev lo
  touch "$health/10.0.0.12" "$health/10.0.0.13"
  becomes "${healthy[@]}"
}

@test "apply leaves keepalived's services alone" {
  local theirs
  theirs=$("$original/ipvsadm" -S -n)
  apply() {
    ipvsadm apply --undo-folder "$BATS_TEST_TMPDIR/undo" --max-delete 100% --ignore 10.0.0.0/29 --ignore fwmark:7 --ignore fd00::1
  }
  apply <<<$'-A -t 192.0.2.50:80 -s rr\n-a -t 192.0.2.50:80 -r 10.0.0.11:80 -m'
  diff -u <("$original/ipvsadm" -S -n | grep -v 192.0.2.50) - <<<"$theirs"
  [[ $("$original/ipvsadm" -S -n | grep -c 192.0.2.50) == 2 ]]
  apply <<<'{"ipvs": {"schema": 1}, "services": []}'
  diff -u <("$original/ipvsadm" -S -n) - <<<"$theirs"
}
