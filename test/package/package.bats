# The Debian package, installed in place of Debian's ipvsadm and given back. The tests are steps of one story, in order.
# There is no systemd here: maintainer scripts go by the boot script. systemd.bats is about the unit, and paths about all
# the other ways through the maintainer scripts.
# needs: deb,ipvsadm,ldirectord

debs=$BATS_TEST_DIRNAME/../../build/package
two_services="-A -t 10.0.0.1:80 -s rr
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -w 3
-A -f 7 -s wlc"

setup_file() {
  modprobe ip_vs
  rm -f /usr/sbin/policy-rc.d
  # Without it no script is started: the guest has no init that knows of runlevels.
  rm -f /sbin/runlevel
  printf '#!/bin/sh\necho N 2\n' >/sbin/runlevel
  chmod +x /sbin/runlevel
  export DEBIAN_FRONTEND=noninteractive
  ip link add sync0 type dummy
  ip address add 10.9.0.1/24 dev sync0
  ip link set sync0 up
}

installed() {
  [[ $(dpkg-query -Wf '${db:Status-Status}' "$1") == installed ]]
}

is_ours() {
  [[ $(readlink -f "/sbin/$1") == /usr/sbin/ipvsadm && $(stat -c %s /usr/sbin/ipvsadm) -gt 1000000 ]]
}

@test "Debian's ipvsadm is there first, with settings and rules of the administrator" {
  dpkg -i "$debs/debian-12.deb"
  printf 'AUTO="true"\nDAEMON="master"\nIFACE="sync0"\t# of the cluster\nSYNCID="5"\n' >/etc/default/ipvsadm
  echo "$two_services" >/etc/ipvsadm.rules
}

@test "installing takes over: no file is lost, nothing is asked, dependencies hold" {
  dpkg -i "$debs/ours.deb" </dev/null
  installed ipvsadm-ts
  run installed ipvsadm
  ((status != 0))
  installed ldirectord
  dpkg --configure --pending
  [[ -z $(dpkg --audit) ]]
  for program in ipvsadm ipvsadm-save ipvsadm-restore; do is_ours "$program"; done
  dpkg --verify ipvsadm-ts | grep -v '/etc/default/ipvsadm$' | grep -v '/etc/ipvsadm.rules$' >"$BATS_TEST_TMPDIR/changed" || true
  [[ ! -s $BATS_TEST_TMPDIR/changed ]]
  [[ -z $(dpkg-divert --list '*ipvsadm*') ]]
}

@test "the administrator's settings and rules are kept, and were applied" {
  grep -q 'IFACE="sync0"' /etc/default/ipvsadm
  [[ $(</etc/ipvsadm.rules) == "$two_services" ]]
  [[ $(ipvsadm -Sn) == "$two_services" ]]
  ipvsadm -L --daemon | grep -q 'master sync daemon (mcast=sync0, syncid=5'
  ls /etc/rc2.d/S*ipvsadm
}

@test "ipvsadm-ts-tools adds the verbs and the engine for big work, and goes without a trace" {
  before=$(ipvsadm -Sn)
  run ipvsadm watch --count 1
  ((status == 7))
  [[ $output == "ipvsadm watch: not installed: the verbs of ipvsadm are in the package ipvsadm-ts-tools" ]]
  dpkg -i "$debs/tools.deb"
  ipvsadm watch --count 1 | grep -q '^IPVS '
  [[ $(ipvsadm -Sn) == "$before" ]]
  for ((port = 1; port <= 1000; port++)); do echo "-A -t 10.0.9.9:$port -s rr"; done | ipvsadm-restore
  [[ $(ipvsadm -Sn | wc -l) == 1000 ]]
  ipvsadm-restore <<<"$before"
  dpkg --purge ipvsadm-ts-tools
  [[ ! -e /usr/lib/ipvsadm/ipvsadm-full && $(ipvsadm -Sn) == "$before" ]]
  installed ipvsadm-ts
}

@test "service ipvsadm save, clear, load, reload, stop, start, restart" {
  ipvsadm -A -u 10.0.0.3:53 -s rr
  chmod 640 /etc/ipvsadm.rules
  chgrp adm /etc/ipvsadm.rules
  service ipvsadm save
  [[ $(stat -c "%a %G" /etc/ipvsadm.rules) == "640 adm" ]]
  [[ $(head -n 1 /etc/ipvsadm.rules) == "# ipvsadm.rules" ]]
  saved=$(ipvsadm -Sn)
  [[ $(tail -n +2 /etc/ipvsadm.rules) == "$saved" && $saved == *10.0.0.3:53* ]]
  service ipvsadm clear
  [[ -z $(ipvsadm -Sn) ]]
  service ipvsadm load
  [[ $(ipvsadm -Sn) == "$saved" ]]
  ipvsadm -A -f 99
  service ipvsadm reload
  [[ $(ipvsadm -Sn) == "$saved" ]]
  service ipvsadm stop
  [[ -z $(ipvsadm -Sn) && -z $(ipvsadm -L --daemon) ]]
  service ipvsadm start
  [[ $(ipvsadm -Sn) == "$saved" && $(ipvsadm -L --daemon) == master* ]]
  service ipvsadm restart
  [[ $(ipvsadm -Sn) == "$saved" && $(ipvsadm -L --daemon) == master* ]]
  service ipvsadm status | grep -q '10.0.0.3:53 rr'
  service ipvsadm rate | grep -q CPS
  run service ipvsadm nonsense
  ((status == 1))
}

@test "a save that fails leaves the rules as they are" {
  before=$(</etc/ipvsadm.rules)
  run unshare --map-user=1000 service ipvsadm save
  ((status != 0))
  [[ $(</etc/ipvsadm.rules) == "$before" ]]
  [[ $(echo /etc/ipvsadm.rules*) == /etc/ipvsadm.rules ]]
}

@test "both daemons, and none" {
  service ipvsadm stop
  sed -i 's/^DAEMON=.*/DAEMON="both"/' /etc/default/ipvsadm
  service ipvsadm start
  (($(ipvsadm -L --daemon | wc -l) == 2))
  service ipvsadm stop
  [[ -z $(ipvsadm -L --daemon) ]]
  sed -i 's/^DAEMON=.*/DAEMON="none"/' /etc/default/ipvsadm
  service ipvsadm start
  [[ -z $(ipvsadm -L --daemon) ]]
}

@test "a setting that is none of those it may be is an error, with a status of its own; the rest is done" {
  saved=$(ipvsadm -Sn)
  sed -i 's/^DAEMON=.*/DAEMON="mster"/' /etc/default/ipvsadm
  ipvsadm -C
  run service ipvsadm start
  echo "$output"
  ((status == 6))
  [[ $output == "boot start: /etc/default/ipvsadm: DAEMON is 'mster'; it may be none, master, backup or both" ]]
  [[ $(ipvsadm -Sn) == "$saved" && -z $(ipvsadm -L --daemon) ]]
  for value in yes "true "; do
    sed -i "s/^DAEMON=.*/DAEMON=\"backup\"/; s/^AUTO=.*/AUTO=\"$value\"/" /etc/default/ipvsadm
    run service ipvsadm restart
    echo "$output"
    ((status == 6))
    [[ $output == "boot restart: /etc/default/ipvsadm: AUTO is '$value'; it may be true or false"* ]]
    [[ $(ipvsadm -Sn) == "$saved" && $(ipvsadm -L --daemon) == backup* ]]
  done
  run service ipvsadm stop
  ((status == 6))
  [[ $(ipvsadm -Sn) == "$saved" && -z $(ipvsadm -L --daemon) ]]
  run service ipvsadm reload
  ((status == 6))
  # These do not go by the settings.
  service ipvsadm status
  service ipvsadm save
  # A setting without a value is as good as none.
  sed -i 's/^DAEMON=.*/DAEMON=/; s/^AUTO=.*/AUTO=/' /etc/default/ipvsadm
  service ipvsadm restart
  [[ $(ipvsadm -Sn) == "$saved" && -z $(ipvsadm -L --daemon) ]]
  # ipvsadm refuses the others.
  for setting in 'IFACE="none0"' 'SYNCID="five"'; do
    printf 'DAEMON="master"\nIFACE="sync0"\n%s\n' "$setting" >/etc/default/ipvsadm
    run service ipvsadm start
    echo "$setting: $output"
    ((status == 1))
  done
  printf 'AUTO="true"\nDAEMON="master"\nIFACE="sync0"\nSYNCID="5"\n' >/etc/default/ipvsadm
}

@test "without AUTO=true the table is left alone" {
  sed -i 's/^AUTO=.*/AUTO="false"/; s/^DAEMON=.*/DAEMON="none"/' /etc/default/ipvsadm
  ipvsadm -C
  ipvsadm -A -f 8
  for verb in start reload restart stop; do service ipvsadm "$verb"; done
  [[ $(ipvsadm -Sn) == "-A -f 8 -s wlc" ]]
}

@test "an upgrade touches neither table, daemons, settings nor rules" {
  sed -i 's/^AUTO=.*/AUTO="true"/' /etc/default/ipvsadm
  dpkg -i "$debs/later.deb" </dev/null
  [[ $(dpkg-query -Wf '${Version}' ipvsadm-ts) == *+later ]]
  [[ $(ipvsadm -Sn) == "-A -f 8 -s wlc" ]]
  grep -q 'AUTO="true"' /etc/default/ipvsadm
  is_ours ipvsadm
}

@test "removing stops, and leaves settings and rules" {
  dpkg --remove --force-depends ipvsadm-ts
  [[ ! -e /usr/sbin/ipvsadm && ! -e /usr/lib/ipvsadm ]]
  [[ -e /etc/default/ipvsadm && -s /etc/ipvsadm.rules ]]
  [[ $(grep -c '^FWM' /proc/net/ip_vs) == 0 ]]
  service ipvsadm start
}

@test "Debian's package comes back with the same settings and rules; purging ours leaves them to it" {
  dpkg -i "$debs/debian-12.deb" </dev/null
  installed ldirectord
  [[ $(stat -c %s /sbin/ipvsadm) -lt 1000000 ]]
  grep -q 'IFACE="sync0"' /etc/default/ipvsadm
  ipvsadm -Sn | grep -q 10.0.0.3:53
  dpkg --purge ipvsadm-ts
  grep -q 'IFACE="sync0"' /etc/default/ipvsadm
  grep -q 10.0.0.3:53 /etc/ipvsadm.rules
  ls /etc/rc2.d/S*ipvsadm
  [[ -x /etc/init.d/ipvsadm ]]
}
