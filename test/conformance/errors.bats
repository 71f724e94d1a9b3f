# Help, version, and what a person who errs is told.
# needs: ipvsadm

setup() {
  load expect
  prepare
}

version="ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)"

@test "version" {
  shows ipvsadm -v <<<"$version"
  shows ipvsadm --version <<<"$version"
}

@test "help names every command" {
  attempt ipvsadm -h
  ends 0
  holds stderr </dev/null
  [[ $(head -n 1 "$BATS_TEST_TMPDIR/stdout") == "$version" ]]
  for word in add-service edit-service delete-service clear restore save add-server edit-server delete-server list zero \
    set start-daemon stop-daemon help; do
    grep -q -- "^  --$word " "$BATS_TEST_TMPDIR/stdout"
  done
}

@test "no command, or an unknown one" {
  hint="Try \`ipvsadm -h' or 'ipvsadm --help' for more information."
  refuses 255 "$hint" ipvsadm -n
  refuses 255 "$hint" ipvsadm --lost
  refuses 255 "$hint" ipvsadm -t 10.0.0.1:80 -A
}

@test "unknown options, missing values, two commands, words too many" {
  refuses 255 "--lost: unknown option" ipvsadm -L --lost
  refuses 255 "-t: missing argument" ipvsadm -A -t
  refuses 2 "invalid option \`-LC'" ipvsadm -LC
  refuses 2 "unexpected argument word" ipvsadm -L word
  refuses 2 "multiple 'numeric' options specified" ipvsadm -L -n -n
}

@test "options that are missing, illegal or in conflict" {
  refuses 2 "You need to supply the 'service-address' option for the 'add-service' command" ipvsadm -A
  refuses 2 "You need to supply the 'real-server' option for the 'add-server' command" ipvsadm -a -t 10.0.0.1:80
  refuses 2 "Illegal 'weight' option with the 'add-service' command" ipvsadm -A -t 10.0.0.1:80 -w 1
}

@test "values that cannot be" {
  refuses 2 "illegal virtual server address[:port] specified" ipvsadm -A -t 10.0.0.256:80
  refuses 2 "illegal virtual server address[:port] specified" ipvsadm -A -t 10.0.0.1:65536
  refuses 2 "illegal real server address[:port] specified" ipvsadm -a -t 10.0.0.1:80 -r nosuch.invalid
  refuses 2 "illegal weight specified" ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11 -w -1
  refuses 2 "invalid fwmark value \`0' specified" ipvsadm -A -f 0
  refuses 2 "invalid timeout value \`x' specified" ipvsadm -A -t 10.0.0.1:80 -p x
  refuses 2 "Zero port specified for non-persistent service" ipvsadm -A -t 10.0.0.1:0
  refuses 2 "One-Packet Scheduling is only for UDP virtual services" ipvsadm -A -t 10.0.0.1:80 -o
  shows ipvsadm -Sn </dev/null
}

@test "somebody who is not root is told so" {
  refuses 2 "Can't initialize ipvs: Permission denied (you must be root)
Are you sure that IP Virtual Server is built in the kernel or as module?" setpriv --reuid=65534 --clear-groups \
    "$(command -v ipvsadm)" -Ln
}
