# The boot script of Debian's ipvsadm package, unchanged, with our programs in place of the original.
# needs: ipvsadm

setup_file() {
  load ../lab/guest
  take_over
  ip link add sync0 type veth peer name sync1
  ip link set sync0 up
  ip address add 10.9.0.1/24 dev sync0
}

setup() {
  load ../lab/guest
  "$original/ipvsadm" -C
}

# configure AUTO DAEMON
configure() {
  printf '%s\n' "AUTO=$1" "DAEMON=$2" IFACE=sync0 SYNCID=5 >/etc/default/ipvsadm
}

service() { /etc/init.d/ipvsadm "$@"; }

rules="-A -t 10.0.0.1:80 -s wrr -p 360
-a -t 10.0.0.1:80 -r 10.0.0.11:80 -m -w 3
-a -t 10.0.0.1:80 -r 10.0.0.12:80 -m -w 1
-A -u [fd00::1]:53 -s rr
-a -u [fd00::1]:53 -r [fd00::11]:53 -g -w 1
-A -f 7 -s wlc
-a -f 7 -r 10.0.0.13:0 -i -w 1"

table() { "$original/ipvsadm" -S -n; }

@test "save writes the table to /etc/ipvsadm.rules" {
  configure true none
  "$original/ipvsadm" -R <<<"$rules"
  run service save
  ((status == 0))
  [[ $(</etc/ipvsadm.rules) == "# ipvsadm.rules"$'\n'"$(table)" ]]
}

@test "start loads the saved table, reload loads it again, stop clears it" {
  configure true none
  "$original/ipvsadm" -R <<<"$rules"
  local saved
  saved=$(table)
  printf '# a comment\n%s\n' "$saved" >/etc/ipvsadm.rules

  "$original/ipvsadm" -C
  service start
  [[ $(table) == "$saved" ]]

  "$original/ipvsadm" -D -f 7
  "$original/ipvsadm" -A -t 10.0.0.9:9 -s rr
  service reload
  [[ $(table) == "$saved" ]]

  run service status
  [[ $output == "$("$original/ipvsadm" -L -n)" ]]

  service stop
  [[ ! $(table) ]]
}

@test "start leaves the table alone when AUTO is false" {
  configure false none
  echo "$rules" >/etc/ipvsadm.rules
  service start
  [[ ! $(table) ]]
}

@test "start and stop run the sync daemons of /etc/default/ipvsadm" {
  configure false both
  service start
  run "$original/ipvsadm" -L --daemon
  echo "$output"
  [[ ${lines[0]} == "master sync daemon (mcast=sync0, syncid=5, "* ]]
  [[ ${lines[1]} == "backup sync daemon (mcast=sync0, syncid=5, "* ]]
  [[ $(/sbin/ipvsadm -L --daemon) == "$output" ]]
  service stop
  [[ ! $("$original/ipvsadm" -L --daemon) ]]
}
