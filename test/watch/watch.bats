# The watcher as a monitor uses it, in the guest: events, pipes, the library. Debian's ipvsadm, which starts faster than Node,
# makes the table and its changes.
# needs: ipvsadm

bats_require_minimum_version 1.5.0

setup_file() {
  load ../lab/guest
  load waiting
  cd "$BATS_TEST_DIRNAME/../.."
}

setup() {
  load ../lab/guest
  load waiting
  cd "$BATS_TEST_DIRNAME/../.."
  /sbin/ipvsadm -C
  events=$BATS_TEST_TMPDIR/events
}

teardown() {
  if [[ ${watcher:-} ]]; then kill "$watcher" 2>/dev/null || true; fi
}

# start_events [OPTION...]: starts the watcher; returns when it has taken its first look.
start_events() {
  ipvsadm watch --json --interval 0.1 "$@" >"$events" 2>"$events.error" 3>&- &
  watcher=$!
  until_true test -s "$events"
}

# unprivileged COMMAND...: without any capability, but still root, to whom the files of the project belong.
unprivileged() { setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"; }

# saw PATTERN: whether an event like that is there.
saw() { grep -Eq "$1" "$events"; }

# story: the events as short lines.
story() {
  node -e '
    const { readFileSync } = require("node:fs");
    for (const line of readFileSync(process.argv[1], "utf8").trim().split("\n")) {
      const { event, object, service, destination, changed, error } = JSON.parse(line);
      const name = ({ address, port, fwmark }) => (fwmark === undefined ? `${address}:${port}` : `mark ${fwmark}`);
      if (object === undefined) console.log(event);
      else if (event !== "change") console.log([event, name(service), destination && name(destination)].filter(Boolean).join(" "));
      else console.log(`change ${name(destination ?? service)} ${Object.entries(changed).map(([field, { old, new: now }]) => `${field} ${JSON.stringify(old)}->${JSON.stringify(now)}`).join(", ")}`);
    }' "$events"
}

@test "events tell what was done to the table, in order, and nothing else" {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  start_events
  /sbin/ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 3
  until_true saw '"add".*10.0.0.2'
  /sbin/ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2 -m -w 0
  until_true saw '"new":0'
  /sbin/ipvsadm -E -t 10.0.0.1:80 -s wlc -p 100
  until_true saw 'wlc'
  /sbin/ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2 -m -w 0 -x 50 -y 40
  until_true saw 'upper_threshold":\{"old"'
  /sbin/ipvsadm -A -f 7 -6
  until_true saw 'inet6.*fwmark'
  /sbin/ipvsadm -C
  until_true saw '"delete".*fwmark'
  until_true saw '"delete","seq":[0-9]*,"time":"[^"]*","object":"service","service":{"family":"inet",'
  run story
  echo "$output"
  diff - <(echo "$output") <<END
snapshot
add 10.0.0.1:80 10.0.0.2:80
change 10.0.0.2:80 weight 3->0
change 10.0.0.1:80 scheduler "rr"->"wlc", persistent undefined->{"timeout":100,"netmask":"255.255.255.255","prefixlen":32}
change 10.0.0.2:80 upper_threshold 0->50, lower_threshold 0->40
add mark 7
delete 10.0.0.1:80 10.0.0.2:80
delete 10.0.0.1:80
delete mark 7
END
  node test/json/validate.mjs --events "$events"
}

@test "no event is missed and none invented while hundreds of services come and go" {
  rules() { for ((i = $1; i < $2; i++)); do printf -- '-A -t 10.1.0.1:%d -s rr\n-a -t 10.1.0.1:%d -r 10.2.0.1 -m\n' "$i" "$i"; done; }
  rules 1000 1400 | /sbin/ipvsadm -R
  start_events
  # Those below 1400 stay; the others come and go around them, which moves what /proc has between two pages.
  for round in 1 2 3 4; do
    rules 2000 2300 | /sbin/ipvsadm -R
    for ((i = 2000; i < 2300; i++)); do echo "-D -t 10.1.0.1:$i"; done | /sbin/ipvsadm -R
  done
  /sbin/ipvsadm -A -f 99
  until_true saw '"fwmark":99'
  run node -e '
    const { readFileSync } = require("node:fs");
    const known = new Set();
    const id = ({ service, destination }) => JSON.stringify([service.port ?? service.fwmark, destination?.address]);
    let bad = 0;
    for (const line of readFileSync(process.argv[1], "utf8").trim().split("\n")) {
      const event = JSON.parse(line);
      if (event.event === "snapshot") for (const service of event.services) {
        known.add(id({ service }));
        for (const destination of service.destinations) known.add(id({ service, destination }));
      } else if (event.event === "add" ? known.has(id(event)) : !known.delete(id(event))) bad++;
      else if (event.event === "add") known.add(id(event));
      if (event.event === "delete" && event.service.port < 1400) bad++;
    }
    console.log(bad, known.size);' "$events"
  [ "$output" = "0 801" ]
}

@test "a module that is unloaded and loaded again is a gap, and then what it lost" {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  start_events
  /sbin/ipvsadm -C
  until_true saw delete
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  until_true saw '"add"'
  # With a service it could not be unloaded.
  /sbin/ipvsadm -C
  until_true modprobe -r ip_vs_rr ip_vs_wlc ip_vs
  until_true saw '"gap".*module ip_vs is not loaded'
  modprobe ip_vs
  /sbin/ipvsadm -A -t 10.0.0.9:80
  until_true saw '"add".*10.0.0.9'
  [ "$(grep -c '"gap"' "$events")" -ge 1 ]
  node test/json/validate.mjs --events "$events"
}

@test "samples have the counters of the director and of each server, without privileges what /proc has" {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  /sbin/ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m
  ipvsadm watch --json --samples servers --count 2 --interval 0.1 >"$events"
  [ "$(grep -c '"event":"sample".*"object":"director","stats":{"connections":0,.*"rates":{"cps":0,' "$events")" -eq 2 ]
  [ "$(grep -c '"event":"sample".*"object":"destination".*"active_connections":0.*"stats":{' "$events")" -eq 2 ]
  unprivileged ipvsadm watch --json --samples servers --count 1 >"$events"
  grep -q '"event":"sample".*"object":"director","stats":{"connections":0' "$events"
  grep '"event":"sample".*"object":"destination".*"active_connections":0' "$events" >"$events.server"
  run ! grep -q stats "$events.server"
}

@test "every user may watch; without privileges there are no counters" {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr -p 100
  /sbin/ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m
  run unprivileged ipvsadm watch --json --count 1
  [ "$status" -eq 0 ]
  [[ "$output" == *'"source":"proc"'*'"weight":1'* && "$output" != *stats* ]]
  node test/json/validate.mjs --events <(echo "$output")
  run unprivileged ipvsadm watch --count 1 -n
  [[ "$output" == *"not permitted"*"TCP 10.0.0.1:80"*"-> 10.0.0.2:80"* ]]
}

@test "not on a terminal: a plain table a refresh, without any escape sequence" {
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  run ipvsadm watch -n --count 2 --interval 0.1
  [ "$status" -eq 0 ]
  [ "$(grep -c '^IPVS 1.2.1' <<<"$output")" -eq 2 ]
  [[ "$output" != *$'\x1b'* ]]
}

@test "a pipe whose reader goes away ends the watcher by SIGPIPE" {
  run bash -c 'ipvsadm watch --interval 0.1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
  [ "$output" = 141 ]
  # Events are written when something happens.
  (while /sbin/ipvsadm -A -t 10.0.0.1:80 && sleep 0.1 && /sbin/ipvsadm -D -t 10.0.0.1:80; do sleep 0.1; done) 3>&- &
  watcher=$!
  run bash -c 'ipvsadm watch --json --interval 0.1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
  [ "$output" = 141 ]
}

@test "without the module: a sentence and exit status 1" {
  # What the test before had running may add a service once more.
  unloaded() { /sbin/ipvsadm -C && modprobe -r ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs; }
  until_true unloaded
  run ipvsadm watch --count 1
  [ "$status" -eq 7 ]
  [[ "$output" == "ipvsadm watch: /proc/net/ip_vs does not exist"* ]]
}

@test "the library's examples do what they say" {
  unprivileged node examples/changes.mjs >"$events" 3>&- &
  watcher=$!
  until_true saw '0 services'
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s rr
  until_true saw 'add service 10.0.0.1:80'
  /sbin/ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 3
  until_true saw 'add destination 10.0.0.2:80 forward=masq weight=3'
  run node examples/drain.mjs tcp 10.0.0.1:80 10.0.0.2:80
  [ "$output" = $'weight 3 -> 0\n0 connections left' ]
  until_true saw 'change destination 10.0.0.2:80 weight=0'
  /sbin/ipvsadm -A -u '[2001:db8::1]:53' -s rr
  /sbin/ipvsadm -a -u '[2001:db8::1]:53' -r '[2001:db8::2]:53' -m -w 3
  until_true saw 'add destination \[2001:db8::2\]:53'
  run node examples/drain.mjs udp '[2001:db8::1]:53' '[2001:db8::2]:53'
  [ "$output" = $'weight 3 -> 0\n0 connections left' ]
  until_true saw 'change destination \[2001:db8::2\]:53 weight=0'
  /sbin/ipvsadm -C
  wait "$watcher"
  saw 'delete service 10.0.0.1:80'
}
