# The unit under a systemd of its own, first process of a process namespace of the guest: a boot, with all of its sandbox.
# needs: deb

setup_file() {
  modprobe ip_vs
  rm -f /usr/sbin/policy-rc.d
  dpkg -i "$BATS_TEST_DIRNAME"/../../build/package/{ours,tools}.deb </dev/null
  mount -t cgroup2 none /sys/fs/cgroup
  ip link add sync0 type dummy
  ip address add 10.9.0.1/24 dev sync0
  ip link set sync0 up
  # The machine's own early services would take time, and empty /tmp.
  for unit in /lib/systemd/system/sysinit.target.wants/* /etc/systemd/system/sysinit.target.wants/*; do
    ln -sf /dev/null "/etc/systemd/system/${unit##*/}"
  done
  # Its other services stay off: a target with our unit, which the boot reaches, and then what a test wants to do.
  cat >/etc/systemd/system/lab.target <<'UNIT'
[Unit]
Requires=sysinit.target basic.target
Wants=ipvsadm.service lab.service
AllowIsolate=yes
UNIT
  cat >/etc/systemd/system/lab.service <<'UNIT'
[Unit]
After=ipvsadm.service
[Service]
Type=oneshot
ExecStart=-/bin/bash -ex /root/lab-script
ExecStopPost=/bin/systemctl exit
StandardOutput=file:/root/lab-output
StandardError=file:/root/lab-errors
UNIT
}

setup() {
  ipvsadm -C
  rm -f /root/lab-output /root/lab-errors
  printf 'AUTO="true"\nDAEMON="backup"\nIFACE="sync0"\nSYNCID="9"\n' >/etc/default/ipvsadm
  printf -- '-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3\n' >/etc/ipvsadm.rules
}

# boot: boots systemd to lab.target, runs the commands on standard input there; what they print is in /root/lab-output.
boot() {
  cat >/root/lab-script
  timeout 300 unshare --pid --mount --fork --mount-proc env -i container=lab PATH="$PATH" \
    /lib/systemd/systemd --system --unit=lab.target --log-target=null --show-status=no </dev/null >/root/lab-console 2>&1
  cat /root/lab-errors /root/lab-console
}

@test "systemd-analyze finds no fault in the units, and little exposure" {
  for unit in ipvsadm.service ipvsadm-metrics.service; do
    run systemd-analyze verify --man=no "$unit"
    echo "$output"
    ((status == 0))
    [[ $output != *ipvsadm* ]]
    exposure=$(systemd-analyze security --offline=yes "$unit" | grep -o 'level for .*: [0-9.]*' | grep -o '[0-9.]*$')
    echo "exposure: $exposure"
    ((${exposure%.*} < 4))
  done
}

@test "a boot loads the rules and starts the daemon; then save, reload, stop, start, restart, and rules that are bad" {
  run boot <<'END'
systemctl show -P Result ipvsadm.service
ipvsadm -Sn
ipvsadm -L --daemon
echo "-- save"
ipvsadm -A -f 5 -s rr
service ipvsadm save
cat /etc/ipvsadm.rules
echo "-- reload"
ipvsadm -C
systemctl reload ipvsadm
ipvsadm -Sn | wc -l
echo "-- stop"
service ipvsadm stop
ipvsadm -Sn | wc -l
ipvsadm -L --daemon | wc -l
echo "-- start"
service ipvsadm start
ipvsadm -Sn | wc -l
echo "-- restart"
/etc/init.d/ipvsadm restart >/dev/null
ipvsadm -Sn | wc -l
ipvsadm -L --daemon | wc -l
echo "-- bad rules"
echo bad rules >/etc/ipvsadm.rules
service ipvsadm restart || systemctl show -P Result ipvsadm.service
END
  rules=$'-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3'
  daemon="backup sync daemon (mcast=sync0, syncid=9, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)"
  diff <(printf '%s\n' success "$rules" "$daemon" "-- save" "# ipvsadm.rules" "$rules" "-A -f 5 -s rr" "-- reload" 3 \
    "-- stop" 0 0 "-- start" 3 "-- restart" 3 1 "-- bad rules" exit-code) /root/lab-output
}

@test "a boot with AUTO=false leaves the table alone" {
  printf 'AUTO="false"\n' >/etc/default/ipvsadm
  ipvsadm -A -f 6
  run boot <<'END'
systemctl show -P Result ipvsadm.service
ipvsadm -Sn
END
  [[ $(</root/lab-output) == $'success\n-A -f 6 -s wlc' ]]
}

@test "a boot with a word that DAEMON may not be loads the rules, and the unit says that it is not configured" {
  sed -i 's/^DAEMON=.*/DAEMON="mster"/' /etc/default/ipvsadm
  run boot <<'END'
systemctl show -P Result ipvsadm.service
systemctl show -P ExecMainStatus ipvsadm.service
ipvsadm -Sn | wc -l
END
  [[ $(</root/lab-output) == $'exit-code\n6\n2' ]]
}

@test "the metrics are served where somebody enables that, and in its sandbox" {
  run boot <<'END'
# metric NAME: what the service answers of it.
metric() {
  for ((try = 0; try < 300; try++)); do
    if exec 5<>/dev/tcp/127.0.0.1/9733; then break; fi
    sleep 0.2
  done 2>/dev/null
  printf 'GET /metrics HTTP/1.0\r\n\r\n' >&5
  grep "^$1" <&5
}
systemctl is-enabled ipvsadm-metrics.service || true
systemctl is-active ipvsadm-metrics.service || true
systemctl start ipvsadm-metrics.service
metric ipvs_up
metric ipvs_server_weight
echo 'OPTIONS="--listen 9733 --no-servers --names both"' >/etc/default/ipvsadm-metrics
systemctl restart ipvsadm-metrics.service
metric node_ipvs_connections_total
systemctl stop ipvsadm-metrics.service
systemctl show -P Result ipvsadm-metrics.service
END
  weight='ipvs_server_weight{family="inet",protocol="tcp",address="10.0.0.1",port="80",server_address="10.0.0.2",'
  diff <(printf '%s\n' disabled inactive "ipvs_up 1" "${weight}server_port=\"80\",forward=\"masq\"} 3" \
    "node_ipvs_connections_total 0" success) /root/lab-output
}
