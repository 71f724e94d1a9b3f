# Faults that are made on purpose: doctor names exactly the fault, its command is run, traffic flows, and doctor is content.
# A process takes long to start in the guest, and one of Node a second: one on each host does all that ipvsadm does but for
# the commands that are printed.
# needs: tests,executable,small,iptables,procps

IPVSADM_UNDER_TEST=$BATS_TEST_DIRNAME/../../dist/small

setup_file() {
  load ../lab/guest
  load ../traffic/network
  build_network
  for host in director real1; do
    mkdir "$BATS_FILE_TMPDIR/$host"
    mkfifo "$BATS_FILE_TMPDIR/$host"/{args,report}
    ip netns exec $host node build/test/support/examiner.js "$BATS_FILE_TMPDIR/$host" </dev/null >&2 3>&- &
  done
  start_servers
  # Servers with tunnels leave room for the outer header.
  for host in real1 real2; do
    ip -n $host route change default via 10.0.2.1 advmss 1440
    ip -n $host -6 route change default via fd00:2::1 advmss 1400
  done
  # What the small executable hands on.
  mkdir -p /usr/lib/ipvsadm
  ln -sf "$project/dist/standalone/ipvsadm" /usr/lib/ipvsadm/ipvsadm-full
}

teardown_file() {
  stop_servers
  ip netns pids director | xargs kill
}

setup() {
  load ../lab/guest
  load ../traffic/network
  cd "$BATS_TEST_TMPDIR"
  # director COMMAND...: runs a command on the director; ipvsadm and sysctl within the process that is there.
  director() {
    case $1 in
      ipvsadm) examiner director "${@:2}" && printf '%s\n' "${report[@]}" ;;
      sysctl) examiner director sysctl "${@:2}" ;;
      *) ip netns exec director "$@" ;;
    esac
  }
  director ipvsadm -C
}

# examiner HOST ARGS...: runs ipvsadm; what it prints are the lines of the array `report`, and what it finds those of `found`.
examiner() {
  local folder=$BATS_FILE_TMPDIR/$1 last
  printf '%s\n' "${@:2}" >"$folder/args"
  mapfile -t report <"$folder/report"
  last=${report[-1]}
  unset 'report[-1]'
  found=${last#* }
  found=${found//|/$'\n'}
  return "${last%% *}"
}

# doctor HOST ARGS...: the report.
doctor() { examiner "$1" doctor "${@:2}"; }

# finds HOST EXPECTED ARGS...: expects the findings, as `error fwd4` and the like, each once and on a line, and their status.
finds() {
  local host=$1 expected=$2 status=0
  shift 2
  doctor "$host" "$@" || status=$?
  printf '%s\n' "${report[@]}"
  # Also where a failing command does not end the test.
  [[ $found == "$expected" ]] || return 1
  if [[ $expected == *error* ]]; then ((status == 1)); else ((status == 0)); fi
}

# fix HOST: runs the commands of the last report.
fix() {
  [[ -s $BATS_FILE_TMPDIR/$1/commands ]]
  ip netns exec "$1" sh -ex "$BATS_FILE_TMPDIR/$1/commands"
}

# found_and_fixed HOST EXPECTED ARGS...: finds, runs what is printed, and finds nothing any more.
found_and_fixed() {
  finds "$@"
  fix "$1"
  local host=$1
  shift 2
  finds "$host" "" "$@"
}

nat() {
  director ipvsadm -A -t "$front4:80" -s rr
  for host in 11 12; do director ipvsadm -a -t "$front4:80" -r "10.0.2.$host" -m; done
}

direct() {
  director ipvsadm -A -t "$lan4:80" -s rr
  for host in 11 12; do director ipvsadm -a -t "$lan4:80" -r "10.0.2.$host" -g; done
}

tunnels() {
  director ipvsadm -A -t "$lan4:81" -s rr
  for host in 11 12; do director ipvsadm -a -t "$lan4:81" -r "10.0.2.$host" -i; done
}

works() { [[ $(ask tcp "$1" "$2" 4) == "real1=2 real2=2" ]]; }

# fails ADDRESS PORT: no connection within half a second.
fails() { ! ip netns exec client timeout 0.5 bash -c "exec 3<>/dev/tcp/$1/$2"; }

# finds_amid TRAFFIC HOST EXPECTED ARGS...: finds, while the command TRAFFIC runs over and over.
finds_amid() {
  local traffic=$1 result=0
  shift
  rm -f enough
  { until [[ -e enough ]]; do $traffic || true; done; } 2>/dev/null 3>&- &
  finds "$@" || result=$?
  touch enough
  wait $!
  return $result
}

set_director() { director sysctl "$@"; }

on_server=(--role real-server)

@test "nothing is found on set-ups that are in order, which all work" {
  nat
  direct
  tunnels
  for port in 80 81; do
    method=$([[ $port == 80 ]] && echo -g || echo -i)
    director ipvsadm -A -t "[$lan6]:$port" -s rr
    for host in 11 12; do director ipvsadm -a -t "[$lan6]:$port" -r "[fd00:2::$host]:$port" "$method"; done
  done
  director ipvsadm -A -t "[$front6]:80" -s rr
  for host in 11 12; do director ipvsadm -a -t "[$front6]:80" -r "[fd00:2::$host]:80" -m; done
  # A firewall mark.
  director iptables-legacy -t mangle -A PREROUTING -d "$front4" -p tcp --dport 81 -j MARK --set-mark 7
  director ipvsadm -A -f 7 -s rr
  for host in 11 12; do director ipvsadm -a -f 7 -r "10.0.2.$host" -m; done
  for endpoint in "$front4 80" "$front6 80" "$lan4 80" "$lan4 81" "$lan6 80" "$lan6 81" "$front4 81"; do
    echo "$endpoint"
    works $endpoint
  done

  for program in "$project"/test/lab/bin/ipvsadm "$project/dist/standalone/ipvsadm"; do
    run director "$program" doctor
    [[ $status == 0 && $output == "no fault found" ]]
  done
  finds director ""
  for method in route tunnel; do
    finds real1 "" "${on_server[@]}" --vip "$lan4:80" --vip "[$lan6]:81" --method $method
  done
  finds real1 "" "${on_server[@]}" --vip "$front4" --vip "$front6" --method masq --director 10.0.2.1

  director iptables-legacy -t mangle -F
}

@test "a gue tunnel in order" {
  modprobe fou
  for host in real1 real2; do ip -n $host fou add port 5555 gue; done
  director ipvsadm -A -t "$lan4:81" -s rr
  for host in 11 12; do director ipvsadm -a -t "$lan4:81" -r "10.0.2.$host" -i --tun-type gue --tun-port 5555; done
  works "$lan4" 81
  finds director ""
}

@test "forwarding is off" {
  nat
  set_director net.ipv4.ip_forward=0
  fails "$front4" 80
  found_and_fixed director "error fwd4"
  works "$front4" 80

  director ipvsadm -A -t "[$front6]:80" -s rr
  for host in 11 12; do director ipvsadm -a -t "[$front6]:80" -r "[fd00:2::$host]:80" -m; done
  set_director net.ipv6.conf.all.forwarding=0
  found_and_fixed director "error fwd6"
  works "$front6" 80
}

@test "a virtual address is missing, or nobody answers ARP for it" {
  nat
  ip -n director address del "$front4/32" dev front
  found_and_fixed director $'error live-none\nerror vip-local'
  works "$front4" 80

  ip -n director address del "$front4/32" dev front
  ip -n director address add "$front4/32" dev lo
  set_director net.ipv4.conf.all.arp_ignore=1
  found_and_fixed director "warning vip-arp"
  ip -n client neigh flush dev front
  works "$front4" 80
  set_director net.ipv4.conf.all.arp_ignore=0
  ip -n director address del "$front4/32" dev lo

  director ipvsadm -A -t "[$front6]:80" -s rr
  director ipvsadm -a -t "[$front6]:80" -r "[fd00:2::11]:80" -m
  ip -n director address del "$front6/128" dev front
  finds director $'error live-none\nerror vip-local'
  fix director
  # Until the kernel knows that nobody else has the address.
  eventually 60 finds director ""
}

@test "the way to a server" {
  nat
  for type in unreachable blackhole prohibit; do
    ip -n director route add $type 10.0.2.11
    finds director "error route"
    ip -n director route del $type 10.0.2.11
  done
  finds director ""

  direct
  ip -n director route add 10.0.2.11 via 10.0.2.12
  finds director "error dr-onlink"
  ip -n director route del 10.0.2.11
  finds director ""

  director ipvsadm -A -t "$front4:82"
  director ipvsadm -a -t "$front4:82" -r 10.0.2.99 -m
  fails "$front4" 82
  finds director "warning neigh"
  director ipvsadm -D -t "$front4:82"
  finds director ""
}

@test "services that refuse their clients" {
  nat
  for host in 11 12; do director ipvsadm -e -t "$front4:80" -r "10.0.2.$host" -m -w 0; done
  fails "$front4" 80
  found_and_fixed director "error no-server"
  ask tcp "$front4" 80 1

  director ipvsadm -A -t "$front4:82"
  finds director "error no-server"
  director ipvsadm -D -t "$front4:82"

  director ipvsadm -e -t "$front4:80" -r 10.0.2.11 -m -x 1
  director ipvsadm -e -t "$front4:80" -r 10.0.2.12 -m -w 1
  ask tcp "$front4" 80 4
  finds director "warning overload"
  director ipvsadm -e -t "$front4:80" -r 10.0.2.12 -m -x 1
  finds director "error overload"
  director ipvsadm -D -t "$front4:80"

  for scheduler in sh mh; do
    director ipvsadm -A -t "$front4:80" -s $scheduler
    director ipvsadm -a -t "$front4:80" -r 10.0.2.11 -m
    director ipvsadm -a -t "$front4:80" -r 10.0.2.12 -m
    found_and_fixed director "hint hash-quiet"
    director ipvsadm -E -t "$front4:80" -s $scheduler
    director ipvsadm -e -t "$front4:80" -r 10.0.2.12 -m -w 0
    found_and_fixed director "error hash-quiet"
    [[ $(ask tcp "$front4" 80 2) == "real1=2 real2=0" ]]
    director ipvsadm -D -t "$front4:80"
  done
  director ipvsadm -A -t "$front4:80" -s dh
  director ipvsadm -a -t "$front4:80" -r 10.0.2.11 -m
  director ipvsadm -a -t "$front4:80" -r 10.0.2.12 -m -w 0
  finds director "error hash-quiet"
}

@test "what the table says and the kernel does not do" {
  nat
  director ipvsadm -e -t "$front4:80" -r 10.0.2.11 -m -w 3
  finds director "hint weight-ignored"
  director ipvsadm -D -t "$front4:80"

  director ipvsadm -A -t "$front4:80"
  director ipvsadm -a -t "$front4:80" -r 10.0.2.1:8080 -m
  finds director "warning dest-local"
  director ipvsadm -D -t "$front4:80"

  director ipvsadm -A -t "$front4:21"
  director ipvsadm -a -t "$front4:21" -r 10.0.2.11 -m
  found_and_fixed director "warning ftp"
  director ipvsadm -D -t "$front4:21"

  director ipvsadm -A -f 9
  director ipvsadm -a -f 9 -r 10.0.2.11 -m
  finds director "hint mark-rule"
  director ip rule add fwmark 9 lookup 100
  finds director ""
  director ip rule del fwmark 9
}

@test "a file that cannot be applied" {
  rules() { printf '%s\n' "-A -t $front4:80 $1" "-a -t $front4:80 -r 10.0.2.11:80 -m" >table.rules; }
  rules "-s wlc"
  finds director "" -f "$PWD/table.rules"
  rules "-s nothing"
  finds director "error sched-module" -f "$PWD/table.rules"
  rules "-s wlc -p 60 --pe nothing"
  set_director net.ipv4.vs.expire_quiescent_template=1
  finds director "error pe-module" -f "$PWD/table.rules"
  set_director net.ipv4.vs.expire_quiescent_template=0
}

@test "masquerading in one network, with and without redirects" {
  director ip address add 10.0.2.101/32 dev lan
  director ipvsadm -A -t 10.0.2.101:80 -s rr
  for host in 11 12; do director ipvsadm -a -t 10.0.2.101:80 -r "10.0.2.$host" -m; done
  # The way back to the client leads over the director.
  for host in real1 real2; do ip -n $host route add 10.0.2.2 via 10.0.2.1; done
  set_director net.ipv4.conf.all.send_redirects=1 net.ipv4.conf.lan.send_redirects=1
  found_and_fixed director "warning redirects"
  works 10.0.2.101 80
  for host in real1 real2; do ip -n $host route del 10.0.2.2; done
  director ip address del 10.0.2.101/32 dev lan
}

@test "settings that stop or lose traffic, or hide it" {
  nat
  director ipvsadm -E -t "$front4:80" -s rr -p 60
  found_and_fixed director "warning quiescent"
  director ipvsadm -E -t "$front4:80" -s rr
  ip -n director link add kube-ipvs0 type dummy
  found_and_fixed director "warning nodest"
  ip -n director link del kube-ipvs0

  while read -r finding setting broken; do
    finding=${finding/-/ }
    set_director "net.ipv4.vs.$setting=$broken"
    found_and_fixed director "$finding"
  done <<END
warning-reuse-stuck conn_reuse_mode 0
warning-defence drop_entry 3
warning-defence drop_packet 3
warning-defence secure_tcp 3
warning-est run_estimation 0
hint-cache-bypass cache_bypass 1
hint-icmp schedule_icmp 1
hint-icmp nat_icmp_send 1
hint-icmp ignore_tunneled 1
END
  works "$front4" 80
  tunnels
  set_director net.ipv4.vs.pmtu_disc=0
  found_and_fixed director "hint pmtu"
}

@test "timeouts" {
  nat
  director ipvsadm --set 7200 0 0
  found_and_fixed director "hint tcp-timeout"
  director ipvsadm -A -u "$front4:80"
  director ipvsadm -a -u "$front4:80" -r 10.0.2.11 -m
  director ipvsadm --set 0 0 300
  found_and_fixed director "hint udp-timeout"
  ask udp "$front4" 80 2
}

@test "sync daemons" {
  nat
  ip -n director link add sync0 type dummy
  ip -n director link set sync0 up multicast on
  director ipvsadm --start-daemon master --mcast-interface sync0
  finds director ""
  set_director net.ipv4.vs.sync_threshold="3 1000"
  found_and_fixed director "hint sync-threshold"
  set_director net.ipv4.vs.sync_threshold="3 50" net.ipv4.vs.sync_refresh_period=0
  ip -n director link set sync0 down
  found_and_fixed director "error sync-if"
  ip -n director link set sync0 multicast off
  found_and_fixed director "error sync-if"
  ip -n director link set sync0 mtu 1000
  found_and_fixed director "error sync-if"
  director ipvsadm --stop-daemon master

  director ipvsadm --start-daemon backup --mcast-interface sync0
  set_director net.ipv4.vs.sync_persist_mode=1
  found_and_fixed director "warning persist-mode"
  director ipvsadm --start-daemon master --mcast-interface sync0
  set_director net.ipv4.vs.backup_only=1
  found_and_fixed director "error backup-only-off"
  director ipvsadm --stop-daemon master
  director ipvsadm -a -t "$front4:80" -r 10.0.1.1 -g
  found_and_fixed director "warning backup-only"
  director ipvsadm --stop-daemon backup
  ip -n director link del sync0
}

@test "a real server with direct routing: no virtual address, ARP, neighbor discovery" {
  direct
  ip -n real1 address del "$lan4/32" dev lo
  ip -n real2 address del "$lan4/32" dev lo
  # Connections that stay in SYN_RECV.
  setsid ip netns exec client bash -c \
    "for ((i = 0; i < 24; i++)); do (exec 3<>/dev/tcp/$lan4/80) & done; wait" 2>/dev/null 3>&- &
  eventually 60 finds director "error live-syn"
  kill -- -$!
  ip -n real2 address add "$lan4/32" dev lo
  found_and_fixed real1 "error rs-vip" "${on_server[@]}" --vip "$lan4:80"
  [[ $(ask tcp "$lan4" 80 30) == "real1=15 real2=15" ]]
  finds director ""

  for setting in arp_ignore arp_announce; do
    ip netns exec real1 sysctl -qw net.ipv4.conf.all.$setting=0
    found_and_fixed real1 "error rs-${setting/_/-}" "${on_server[@]}" --vip "$lan4"
  done

  ip -n real1 address del "$lan6/128" dev lo
  ip -n real1 address add "$lan6/128" dev lan nodad preferred_lft 0
  found_and_fixed real1 "error rs-ndp" "${on_server[@]}" --vip "$lan6"
  finds real1 "error rs-listen" "${on_server[@]}" --vip "$lan4:8080"
  finds real1 "warning rs-gateway-dr" "${on_server[@]}" --vip "$lan4:80" --director 10.0.2.1
}

@test "a real server with tunnels: the device is down, or filters" {
  tunnels
  ip -n real1 link set tunl0 down
  found_and_fixed real1 "error rs-tun" "${on_server[@]}" --method tunnel --vip "$lan4:81"
  works "$lan4" 81
  ip netns exec real1 sysctl -qw net.ipv4.conf.tunl0.rp_filter=1
  found_and_fixed real1 "error rs-rpfilter" "${on_server[@]}" --method tunnel --vip "$lan4:81"
  works "$lan4" 81
}

@test "clients' packets are too large for a tunnel" {
  tunnels
  # One packet of 1500 bytes; larger writes would leave the client as segments that the kernel may cut.
  fill() {
    # The client remembers what it is told.
    ip -n client route flush cache
    ip netns exec client timeout 3 bash -c "exec 3<>/dev/tcp/$lan4/81; printf %1448s >&3; read -r -n 1 <&3"
  }
  eventually 60 finds_amid fill director "warning tun-mtu" --watch 1
  for host in 1 2; do
    ip -n real$host route change 10.0.2.0/24 dev lan proto kernel scope link src 10.0.2.1$host advmss 1440
  done
  finds_amid fill director "" --watch 1
  for host in 1 2; do
    ip -n real$host route change 10.0.2.0/24 dev lan proto kernel scope link src 10.0.2.1$host
  done

  ip -n real1 route change default via 10.0.2.1
  ip -n real1 -6 route change default via fd00:2::1
  found_and_fixed real1 "hint rs-mss" "${on_server[@]}" --method tunnel --vip "$lan4" --vip "$lan6"
  ip -n real1 route show default | grep "advmss 1440"
  ip -n real1 -6 route show default | grep "advmss 1400"
}

@test "a masqueraded server whose replies go past the director" {
  # No other test has this port: a server that comes back within two minutes has its counters back, with earlier answers.
  director ipvsadm -A -u "$front4:82" -s rr
  director ipvsadm -a -u "$front4:82" -r 10.0.2.11:80 -m
  director ipvsadm --set 0 0 30
  ip -n real1 route replace default via 10.0.2.2
  ip -n real1 address add "$front4/32" dev lo
  # More than 100 have to arrive, and a busy guest loses some.
  ip netns exec client bash -c "for ((i = 0; i < 250; i++)); do echo hello >/dev/udp/$front4/82; done"
  eventually 60 finds director "error live-reply"
  finds real1 $'warning rs-vip-nat\nerror rs-gateway' "${on_server[@]}" --method masq --vip "$front4" --director 10.0.2.1
  fix real1
  finds real1 "" "${on_server[@]}" --method masq --vip "$front4" --director 10.0.2.1
  ask udp "$front4" 82 2
  eventually 60 finds director ""
}

@test "a director that is the gateway of servers with direct routing" {
  director ipvsadm -A -t "$front4:80" -s rr
  director ipvsadm -a -t "$front4:80" -r 10.0.2.11 -g
  ip -n real1 address add "$front4/32" dev lo
  eventually 60 finds_amid "fails $front4 80" director "error martian" --watch 1
  fix director
  finds_amid "ask tcp $front4 80 1" director "" --watch 1
  ip -n real1 address del "$front4/32" dev lo
}

@test "a strict filter, and clients behind another interface" {
  nat
  ip -n director route add 10.0.1.2 dev lan
  set_director net.ipv4.conf.front.rp_filter=1
  eventually 60 finds_amid "fails $front4 80" director "warning rpfilter" --watch 1
  fix director
  works "$front4" 80
  finds_amid "works $front4 80" director "" --watch 1
  ip -n director route del 10.0.1.2
  set_director net.ipv4.conf.front.rp_filter=0
}

@test "somebody else takes the packets of a service" {
  nat
  director iptables-legacy -t mangle -A PREROUTING -d "$front4" -p tcp --dport 80 -j MARK --set-mark 7
  director ipvsadm -A -f 7 -s rr
  for host in 11 12; do director ipvsadm -a -f 7 -r "10.0.2.$host" -m; done
  works "$front4" 80
  finds director "hint mark-shadow"
  director iptables-legacy -t mangle -F
  works "$front4" 80
  finds director ""
  director ipvsadm -D -f 7

  ip netns exec director node -e "require('net').createServer().listen(80, '$front4', () => console.log())" \
    >"$BATS_TEST_TMPDIR/listens" &
  eventually 60 test -s "$BATS_TEST_TMPDIR/listens"
  finds director "hint local-listen"
  kill $!
  wait $! || true
  finds director ""
}

@test "a file that takes away a server with connections" {
  nat
  set_director net.ipv4.vs.expire_nodest_conn=0
  printf '%s\n' "-A -t $front4:80 -s rr" "-a -t $front4:80 -r 10.0.2.11:80 -m" >table.rules
  finds director "" -f "$PWD/table.rules"
  mkfifo hold
  ip netns exec client bash -c "exec 3<>/dev/tcp/$front4/80 4<>/dev/tcp/$front4/80; cat hold" 3>&- &
  holds() { director ipvsadm -Ln | grep -E "10.0.2.12:80 +Masq +$1 "; }
  eventually 60 holds "1 +1"
  finds director "warning nodest" -f "$PWD/table.rules"
  set_director net.ipv4.vs.expire_nodest_conn=1
  finds director "hint nodest-cut" -f "$PWD/table.rules"
  fix director &
  eventually 60 holds "0 +1"
  echo >hold
  wait
  finds director "" -f "$PWD/table.rules"
  set_director net.ipv4.vs.expire_nodest_conn=0

  # A weight that is held since yesterday.
  finds director ""
  sed -i -E 's/"since":"[^"]*"/"since":"2020-01-01T00:00:00Z"/' /run/ipvsadm/*/overrides.json
  found_and_fixed director "hint overrides"
  works "$front4" 80
}

@test "programs that write the table, and such that move addresses" {
  for program in keepalived ldirectord; do cp "$(command -v sleep)" $program; done
  ip netns exec director ./keepalived 60 3>&- &
  keepalived=$!
  ip netns exec director ./ldirectord 60 3>&- &
  ldirectord=$!
  mkdir -p /etc/keepalived
  echo "vrrp_instance one {" >/etc/keepalived/keepalived.conf
  finds director ""
  echo "virtual_server $front4 80 {" >/etc/keepalived/keepalived.conf
  finds director "warning owner"
  kill $ldirectord
  # Others may write their own tables.
  ip netns exec real1 ./ldirectord 60 3>&- &
  ldirectord=$!
  finds director ""

  set_director net.ipv4.vs.sloppy_tcp=0
  director ipvsadm -A -t "$front4:80" -s mh -b mh-fallback
  for host in 11 12; do director ipvsadm -a -t "$front4:80" -r "10.0.2.$host" -m; done
  found_and_fixed director "hint mh-failover"
  set_director net.ipv4.vs.sloppy_tcp=0
  kill $keepalived $ldirectord
}

@test "the first network namespace: what is set at boot, and the limit of neighbors" {
  everywhere() { "$project/dist/standalone/ipvsadm" doctor --only boot --only gc-thresh >report; cat report; }
  echo "net.ipv4.vs.conntrack = 1" >/etc/sysctl.d/zz-ipvs.conf
  sysctl -qw net.ipv4.neigh.default.gc_thresh3=1
  everywhere
  grep "^hint boot: net.ipv4.vs.conntrack: it is 0, and /etc/sysctl.d/zz-ipvs.conf sets it to 1 at boot$" report
  grep "^warning gc-thresh: " report
  sed -n 's/^  run: //p' report | sh -ex
  rm /etc/sysctl.d/zz-ipvs.conf
  everywhere
  [[ $(<report) == "no fault found" ]]
  sysctl -qw net.ipv4.neigh.default.gc_thresh3=1024
}

@test "several faults at once, and the script that fixes them" {
  director ipvsadm -A -t "$front4:80" -s rr -p 60
  for host in 11 12; do director ipvsadm -a -t "$front4:80" -r "10.0.2.$host" -m; done
  set_director net.ipv4.vs.expire_quiescent_template=0
  # Whoever makes such an interface steers neither a terminal nor a shell.
  hostile="x';\$(id)"$'\e'
  ip -n director link add "$hostile" type veth peer name other
  ip -n director link set "$hostile" up
  ip -n director address add 10.0.9.1/24 dev "$hostile"
  director ipvsadm -A -t 10.0.9.100:80 -s rr
  director ipvsadm -a -t 10.0.9.100:80 -r 10.0.2.11 -m
  set_director net.ipv4.ip_forward=0
  finds director $'error live-none\nerror fwd4\nerror vip-local\nwarning quiescent'
  doctor director --fix-script || true
  printf '%s\n' "${report[@]}" >fix.sh
  director sh fix.sh
  finds director ""
  sort /etc/sysctl.d/90-ipvsadm-doctor.conf
  [[ $(sort /etc/sysctl.d/90-ipvsadm-doctor.conf) == $'net.ipv4.ip_forward=1\nnet.ipv4.vs.expire_quiescent_template=1' ]]
  rm /etc/sysctl.d/90-ipvsadm-doctor.conf
  ip -n director link del "$hostile"
  set_director net.ipv4.vs.expire_quiescent_template=0
}

@test "--only, --skip and --threshold" {
  nat
  director ipvsadm -e -t "$front4:80" -r 10.0.2.11 -m -w 3
  set_director net.ipv4.ip_forward=0
  finds director $'hint weight-ignored\nerror fwd4'
  finds director "error fwd4" --threshold warning
  finds director "hint weight-ignored" --skip fwd4
  finds director "error fwd4" --only fwd4 --only route
  set_director net.ipv4.ip_forward=1
}

@test "connection tracking" {
  nat
  set_director net.netfilter.nf_conntrack_tcp_timeout_established=900
  director iptables-legacy -A INPUT -m conntrack --ctstate INVALID -j ACCEPT
  # IPVS takes its own packets out of the tracking; this one is none.
  ip netns exec client bash -c "echo >/dev/udp/10.0.1.1/9"
  finds director "hint ct-needed"
  set_director net.ipv4.vs.conntrack=1
  finds director ""
  set_director net.netfilter.nf_conntrack_tcp_timeout_established=432000
  found_and_fixed director "hint ct-timeout"
  sysctl -qw net.netfilter.nf_conntrack_max=8
  ask tcp "$front4" 80 2
  for ((i = 0; i < 4; i++)); do patience=10 ask tcp "$front4" 80 1 || break; done
  doctor director --json || true
  printf '%s\n' "${report[@]}"
  [[ ${report[*]} == *'"id": "ct-full"'* ]]
  sysctl -qw net.netfilter.nf_conntrack_max=65536
  finds director ""
  director iptables-legacy -F
  set_director net.ipv4.vs.conntrack=0
}

@test "without privileges" {
  run ip netns exec director setpriv --reuid 65534 --clear-groups "$project/dist/standalone/ipvsadm" doctor
  echo "$output"
  ((status == 7))
  [[ $output == *"unknown live-syn, "*"Permission denied"* ]]
}

@test "user namespaces" {
  # Its root may not read the table.
  run unshare --user --map-root-user --net "$project/dist/standalone/ipvsadm" doctor
  echo "$output"
  ((status == 7))
  [[ $output == *"unknown live-syn, "*"Permission denied"* ]]
  [[ $output == *"unknown defence: /proc/sys/net/ipv4/vs/drop_entry does not exist"* ]]
  # The root of the whole machine may, and does not see the settings.
  mkfifo ready
  unshare --user --map-root-user --net bash -c 'echo >ready; exec sleep 60' 3>&- &
  read -r <ready
  run nsenter --net=/proc/$!/ns/net "$project/dist/standalone/ipvsadm" doctor
  kill $!
  echo "$output"
  ((status == 0))
  [[ $output == *"hint userns: /proc/sys/net/ipv4/vs: it does not exist"* ]]
  [[ $output == *"unknown defence: /proc/sys/net/ipv4/vs/drop_entry does not exist"* ]]
}

@test "without the module" {
  # A namespace, or a service, that uses the module would keep it: schedulers go first.
  for module in $(lsmod | awk '/^ip_vs_/ { print $1 }') ip_vs; do rmmod $module; done
  found_and_fixed director "error module" --only module
  lsmod | grep -q ^ip_vs
}
