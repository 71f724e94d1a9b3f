# Sync daemons and connection timeouts.
# needs: ipvsadm

setup() {
  load expect
  prepare
}

teardown() {
  /sbin/ipvsadm --stop-daemon master || true
  /sbin/ipvsadm --stop-daemon backup || true
} 2>/dev/null

@test "a master is started, shown and stopped" {
  quietly ipvsadm --start-daemon master --mcast-interface lo --syncid 7
  shows ipvsadm -L --daemon <<<"master sync daemon (mcast=lo, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)"
  quietly ipvsadm --stop-daemon master
  shows ipvsadm -L --daemon </dev/null
}

@test "master and backup run side by side, with everything a daemon can have" {
  quietly ipvsadm --start-daemon backup --mcast-interface lo
  quietly ipvsadm --start-daemon master --mcast-interface lo --syncid 1 --sync-maxlen 1400 --mcast-group 239.1.2.3 \
    --mcast-port 9000 --mcast-ttl 5
  shows ipvsadm -l --daemon <<'END'
master sync daemon (mcast=lo, syncid=1, maxlen=1400, group=239.1.2.3, port=9000, ttl=5)
backup sync daemon (mcast=lo, syncid=0, maxlen=65507, group=224.0.0.81, port=8848, ttl=1)
END
}

@test "a restore that starts and stops a daemon comes to its end" {
  local pair=$'--start-daemon master --mcast-interface lo\n--stop-daemon master'
  quietly timeout 60 ipvsadm -R < <(for _ in {1..20}; do echo "$pair"; done)
  shows ipvsadm -L --daemon </dev/null
}

@test "what the kernel and the grammar refuse" {
  quietly ipvsadm --start-daemon master --mcast-interface lo
  refuses 255 "Daemon has already run" ipvsadm --start-daemon master --mcast-interface lo
  refuses 255 "No daemon is running" ipvsadm --stop-daemon backup
  refuses 255 "No such device" ipvsadm --start-daemon backup --mcast-interface nosuch
  refuses 2 "illegal start-daemon parameter specified" ipvsadm --start-daemon both
}

@test "timeouts are set and shown; 0 leaves one as it is" {
  quietly ipvsadm --set 100 20 30
  shows ipvsadm -L --timeout <<<"Timeout (tcp tcpfin udp): 100 20 30"
  quietly ipvsadm --set 0 25 0
  shows ipvsadm -L --timeout <<<"Timeout (tcp tcpfin udp): 100 25 30"
  refuses 2 "--set option requires 3 timeout values" ipvsadm --set 1 2
}
