# --json and documents, as a person would use them. Debian's ipvsadm prepares the table and looks at it.
# needs: ipvsadm,procps

bats_require_minimum_version 1.5.0

load ../traffic/suite

validate() {
  node "$BATS_TEST_DIRNAME/validate.mjs" "$@"
}

field() {
  node -e 'console.log(eval(`(${process.argv[2]})`)(JSON.parse(require("fs").readFileSync(process.argv[1]))))' "$@"
}

# A table of every kind of service and server, with thresholds, timeouts and a daemon.
fill_table() {
  director /sbin/ipvsadm -R <<'END'
-A -t 10.0.1.100:80 -s wrr
-a -t 10.0.1.100:80 -r 10.0.2.11:8080 -m -w 3 -x 100 -y 50
-a -t 10.0.1.100:80 -r 10.0.2.12 -g -w 0
-A -t 10.0.1.100:0 -p 600 -M 255.255.255.0 -s sh -b sh-port
-a -t 10.0.1.100:0 -r 10.0.2.11 -i --tun-type gue --tun-port 6080 --tun-remcsum
-a -t 10.0.1.100:0 -r 10.0.2.12 -i --tun-type gre --tun-csum
-A -u 192.168.0.1:5060 -p --pe sip -o
-A --sctp-service [fd00:1::100]:99 -s mh -b mh-fallback,mh-port
-a --sctp-service [fd00:1::100]:99 -r [fd00:2::11]:9 -m
-A -f 4294967295 -6 -p 10 -M 64
-a -f 4294967295 -6 -r fd00:2::12 -i
--set 1000 100 200
END
}

@test "save --json restores to exactly what was there, daemons included" {
  fill_table
  director /sbin/ipvsadm --start-daemon master --mcast-interface lan --syncid 7 --sync-maxlen 1000 --mcast-ttl 3
  director ipvsadm-save --json >saved
  director /sbin/ipvsadm -Sn >rules
  director /sbin/ipvsadm -Ln --thresholds >thresholds

  director /sbin/ipvsadm -C
  director /sbin/ipvsadm --stop-daemon master
  director /sbin/ipvsadm --set 1 2 3
  director ipvsadm-restore <saved
  director ipvsadm-save --json >again
  cmp saved again
  diff rules <(director /sbin/ipvsadm -Sn)
  diff thresholds <(director /sbin/ipvsadm -Ln --thresholds)
  validate saved

  # Over a table and other daemons.
  director /sbin/ipvsadm --start-daemon backup --mcast-interface lan
  director /sbin/ipvsadm -A -t 10.0.1.100:1
  director ipvsadm-restore <saved
  director ipvsadm-save --json | cmp saved
  director /sbin/ipvsadm --stop-daemon master
}

@test "a listing restores too, and text restores to the same document" {
  fill_table
  director ipvsadm -L --json >listed
  director ipvsadm-save --json >saved
  validate listed
  director ipvsadm-restore <listed
  director ipvsadm-save --json | cmp saved
  # Rules have no thresholds; all else comes back.
  director ipvsadm -Sn >rules
  director ipvsadm-restore <rules
  sed -E 's/"(upper|lower)_threshold":[0-9]+/"\1_threshold":0/g' saved | cmp - <(director ipvsadm-save --json)
}

@test "-R adds a document to the table" {
  director /sbin/ipvsadm -A -t 10.0.1.100:1
  echo '{"ipvs":{"schema":1},"services":[{"family":"inet","fwmark":1},
    {"family":"inet","protocol":"tcp","address":"10.0.1.100","port":1},{"family":"inet","fwmark":2}]}' >more
  run director ipvsadm -R <more
  ((status == 255))
  [[ $output == "services[1]: Service already exists" ]]
  [[ $(director /sbin/ipvsadm -Sn) == $'-A -t 10.0.1.100:1 -s wlc\n-A -f 1 -s wlc\n-A -f 2 -s wlc' ]]
}

@test "a faulty document changes nothing" {
  fill_table
  director ipvsadm-save --json >saved
  sed 's/"weight":3/"weight":"3"/' saved >faulty
  for restore in ipvsadm-restore "ipvsadm -R"; do
    run director $restore <faulty
    ((status == 2))
    [[ $output =~ ^services\[1\]\.destinations\[0\]\.weight:\ must\ be\ an\ integer ]]
    director ipvsadm-save --json | cmp saved
    head -c 300 saved >cut
    run director $restore <cut
    ((status == 2))
    [[ $output =~ ^line\ [0-9]+,\ column\ [0-9]+:\  ]]
    director ipvsadm-save --json | cmp saved
  done
}

@test "the exit status means what it means without --json" {
  run --separate-stderr director ipvsadm -L -t 10.0.1.100:9 --json
  ((status == 1))
  [[ $output == "" && $stderr == "No such service" ]]
  run --separate-stderr director ipvsadm -A -t 10.0.1.100:9 --json
  ((status == 2))
  [[ $output == "" && $stderr == "Illegal 'json' option with the 'add-service' command" ]]
  run --separate-stderr director setpriv --bounding-set -net_admin ipvsadm -L --json
  ((status == 2))
  [[ $output == "" && $stderr == "Can't initialize ipvs: Permission denied"* ]]
}

# The totals of every server, in a document and in text.
json_totals() {
  director ipvsadm -L --json >listed
  field listed 'd => d.services[0].destinations.map(({address, port, stats}) =>
    ["->", `${address}:${port}`, ...Object.values(stats)].join(" ")).join("\n")'
}

text_totals() {
  director /sbin/ipvsadm -Ln --stats -X | awk '$1 == "->" && $2 ~ /^10/ { $1 = $1; print }'
}

@test "numbers under traffic are those of the text" {
  director /sbin/ipvsadm -A -t "$front4:80" -s rr
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.11 -m
  director /sbin/ipvsadm -a -t "$front4:80" -r 10.0.2.12 -m
  ask tcp "$front4" 80 6
  # The kernel adds its totals up every two seconds.
  counted() { [[ $(text_totals) == *" 3 "*" 3 "* ]]; }
  eventually 60 counted
  agree() { [[ $(json_totals) == "$(text_totals)" ]]; }
  eventually 60 agree
  cat listed
  validate listed
  [[ $(field listed 'd => d.services[0].stats.connections') == 6 ]]

  # A restore edits in place, so what stays keeps what was counted.
  director ipvsadm-save --json | sed 's/"weight":1/"weight":2/g' >heavier
  director ipvsadm-restore <heavier
  director ipvsadm-save --json | cmp heavier
  [[ $(json_totals) == *" 3 "*" 3 "* ]]

  director ipvsadm -Lc --json >connections
  director /sbin/ipvsadm -Lnc >text
  cat connections text
  validate connections
  [[ $(field connections 'd => d.connections.map((c) => [c.protocol.toUpperCase(), c.state.toUpperCase(),
      ...[c.client, c.virtual, c.destination].map(({address, port}) => `${address}:${port}`)].join(" ")).sort().join("\n")') == \
    $(awk 'NR > 2 { print $1, $3, $4, $5, $6 }' text | LC_ALL=C sort) ]]
  (($(field connections 'd => d.connections.length') >= 6))
}

@test "on a terminal the document is indented, and colored unless NO_COLOR or TERM says otherwise" {
  terminal() {
    script --quiet --return --command "$*" /dev/null </dev/null | tr -d '\r'
  }
  export TERM=xterm-256color
  run terminal ip netns exec director ipvsadm -L --timeout --json
  [[ $output == *$'\n  \e['*'"timeouts"'* ]]
  for variable in NO_COLOR=1 TERM=dumb; do
    run terminal env "$variable" ip netns exec director ipvsadm -L --timeout --json
    echo "$variable: $output"
    [[ $output == *$'\n  "timeouts": {\n    "tcp": '* && $output != *$'\e'* ]]
  done
}
