# The watcher as a person and a monitor use it, in the guest: events, the screen in a terminal, pipes, the library.

setup_file() {
  load ../lab/guest
  cd "$BATS_TEST_DIRNAME/../.."
}

setup() {
  load ../lab/guest
  cd "$BATS_TEST_DIRNAME/../.."
  modprobe ip_vs
  ipvsadm -C
  events=$BATS_TEST_TMPDIR/events
}

teardown() {
  if [[ ${watcher:-} ]]; then kill "$watcher" 2>/dev/null || true; fi
  tmux kill-server 2>/dev/null || true
}

# until_true COMMAND...: waits, 30 seconds at most, until the command succeeds.
until_true() {
  local deadline=$((SECONDS + 30))
  until "$@"; do
    ((SECONDS < deadline)) || { echo "still not true after 30 s: $*" >&2; return 1; }
    read -r -t 0.1 <> <(:) || true
  done
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
  ipvsadm -A -t 10.0.0.1:80 -s rr
  start_events
  ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 3
  until_true saw '"add".*10.0.0.2'
  ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2 -m -w 0
  until_true saw '"new":0'
  ipvsadm -E -t 10.0.0.1:80 -s wlc -p 100
  until_true saw 'wlc'
  ipvsadm -e -t 10.0.0.1:80 -r 10.0.0.2 -m -w 0 -x 50 -y 40
  until_true saw 'upper_threshold":\{"old"'
  ipvsadm -A -f 7 -6
  until_true saw 'inet6.*fwmark'
  ipvsadm -C
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
}

@test "no event is missed and none invented while hundreds of services come and go" {
  rules() { for ((i = $1; i < $2; i++)); do printf -- '-A -t 10.1.0.1:%d -s rr\n-a -t 10.1.0.1:%d -r 10.2.0.1 -m\n' "$i" "$i"; done; }
  rules 1000 1400 | ipvsadm -R
  start_events
  # Those below 1400 stay; the others come and go around them, which moves what /proc has between two pages.
  for round in 1 2 3 4; do
    rules 2000 2300 | ipvsadm -R
    for ((i = 2000; i < 2300; i++)); do echo "-D -t 10.1.0.1:$i"; done | ipvsadm -R
  done
  ipvsadm -A -f 99
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
  ipvsadm -A -t 10.0.0.1:80 -s rr
  start_events
  ipvsadm -C
  until_true saw delete
  ipvsadm -A -t 10.0.0.1:80 -s rr
  until_true saw '"add"'
  until_true rmmod ip_vs_rr ip_vs_wlc ip_vs 2>/dev/null || { ipvsadm -C; until_true modprobe -r ip_vs_rr ip_vs_wlc ip_vs; }
  until_true saw '"gap".*module ip_vs is not loaded'
  modprobe ip_vs
  ipvsadm -A -t 10.0.0.9:80
  until_true saw '"add".*10.0.0.9'
  [ "$(grep -c '"gap"' "$events")" -ge 1 ]
}

@test "every user may watch; without privileges there are no counters" {
  ipvsadm -A -t 10.0.0.1:80 -s rr -p 100
  ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m
  run unprivileged ipvsadm watch --json --count 1
  [ "$status" -eq 0 ]
  [[ "$output" == *'"source":"proc"'*'"weight":1'* && "$output" != *stats* ]]
  run unprivileged ipvsadm watch --count 1 -n
  [[ "$output" == *"not permitted"*"TCP 10.0.0.1:80"*"-> 10.0.0.2:80"* ]]
}

@test "not on a terminal: a plain table a refresh, without any escape sequence" {
  ipvsadm -A -t 10.0.0.1:80 -s rr
  run ipvsadm watch -n --count 2 --interval 0.1
  [ "$status" -eq 0 ]
  [ "$(grep -c '^IPVS 1.2.1' <<<"$output")" -eq 2 ]
  [[ "$output" != *$'\x1b'* ]]
}

@test "a pipe whose reader goes away ends the watcher by SIGPIPE" {
  run bash -c 'ipvsadm watch --interval 0.1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
  [ "$output" = 141 ]
  # Events are written when something happens.
  (while ipvsadm -A -t 10.0.0.1:80 && ipvsadm -D -t 10.0.0.1:80; do :; done) 3>&- &
  watcher=$!
  run bash -c 'ipvsadm watch --json --interval 0.1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
  [ "$output" = 141 ]
}

@test "without the module: a sentence and exit status 1" {
  ipvsadm -C
  modprobe -r ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs
  run ipvsadm watch --count 1
  [ "$status" -eq 1 ]
  [[ "$output" == "ipvsadm watch: /proc/net/ip_vs does not exist"* ]]
}

# screen_has TEXT: whether the terminal shows it.
screen_has() { tmux capture-pane -p | grep -Fq -- "$1"; }
screen_lacks() { ! screen_has "$1"; }

# start_screen [NAME=VALUE...]: the watcher in a terminal of 100 x 20, with a shell under it.
start_screen() {
  tmux -f /dev/null new-session -d -x 100 -y 20 "env PS1='shell> ' $* bash --norc"
  until_true screen_has 'shell>'
  tmux send-keys 'ipvsadm watch -n --interval 2' Enter
}

three_services() {
  for port in 80 81 82; do
    ipvsadm -A -t 10.0.0.1:$port -s rr
    ipvsadm -a -t 10.0.0.1:$port -r 10.0.1.$port -m -w $((port - 80))
  done
}

@test "the screen: keys, resize, and the terminal given back" {
  three_services
  start_screen
  until_true screen_has 'TCP 10.0.0.1:82'
  screen_lacks 'shell>'
  screen_has '0 -> 10.0.1.80:80'
  tmux send-keys /
  tmux send-keys 1.81 Enter
  until_true screen_lacks '10.0.0.1:82'
  screen_has '-> 10.0.1.81:81'
  tmux send-keys Escape
  until_true screen_has '10.0.0.1:82'
  tmux send-keys s
  until_true screen_has 'sort: active'
  tmux send-keys r
  until_true screen_has 'reversed'
  tmux send-keys p
  until_true screen_has PAUSED
  tmux send-keys p
  until_true screen_lacks PAUSED
  tmux send-keys h
  until_true screen_has 'overloaded: at its upper threshold'
  tmux send-keys x
  until_true screen_has 'TCP 10.0.0.1:80'
  ipvsadm -A -t 10.0.0.1:90 -s rr
  until_true screen_has '+ TCP 10.0.0.1:90'
  tmux resize-window -x 60 -y 8
  until_true screen_has 'rows 1-3 of 7'
  tmux send-keys End
  until_true screen_has 'rows 5-7 of 7'
  tmux send-keys q
  until_true screen_has 'shell>'
  screen_lacks '10.0.0.1'
  [ "$(tmux display-message -p '#{alternate_on} #{cursor_flag}')" = "0 1" ]
}

@test "the terminal is given back after Ctrl-C, SIGTERM and Ctrl-Z" {
  three_services
  start_screen
  until_true screen_has 'TCP 10.0.0.1:82'
  tmux send-keys C-c
  until_true screen_has 'shell>'
  tmux send-keys 'clear; ipvsadm watch -n' Enter
  until_true screen_has 'TCP 10.0.0.1:82'
  pkill -TERM -P "$(tmux display-message -p '#{pane_pid}')"
  until_true screen_has 'Terminated'
  [ "$(tmux display-message -p '#{alternate_on} #{cursor_flag}')" = "0 1" ]
  tmux send-keys 'clear; stty -a | grep -o " icanon"; ipvsadm watch -n' Enter
  until_true screen_has 'TCP 10.0.0.1:82'
  tmux send-keys C-z
  until_true screen_has 'Stopped'
  screen_has ' icanon'
  tmux send-keys fg Enter
  until_true screen_has 'TCP 10.0.0.1:82'
  tmux send-keys q
  until_true screen_has 'shell>'
}

@test "NO_COLOR leaves the colours out; TERM=dumb the screen" {
  three_services
  start_screen
  until_true screen_has 'TCP 10.0.0.1:82'
  tmux capture-pane -pe | grep -q $'\x1b\\[33m'
  tmux kill-server
  start_screen NO_COLOR=1
  until_true screen_has 'TCP 10.0.0.1:82'
  run tmux capture-pane -pe
  [[ "$output" != *$'\x1b[3'[0-9]m* ]]
  tmux kill-server
  start_screen TERM=dumb
  until_true screen_has 'TCP 10.0.0.1:82'
  [ "$(tmux display-message -p '#{alternate_on}')" = 0 ]
}

@test "a thousand refreshes do not make it grow" {
  three_services
  ipvsadm watch -n --interval 0.1 >"$BATS_TEST_TMPDIR/plain" 3>&- &
  watcher=$!
  refreshes() { (($(grep -c '^IPVS' "$BATS_TEST_TMPDIR/plain") >= $1)); }
  resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$watcher/status"; }
  until_true refreshes 200
  before=$(resident)
  local deadline=$((SECONDS + 240))
  until refreshes 1200; do
    ((SECONDS < deadline))
    read -r -t 1 <> <(:) || true
  done
  after=$(resident)
  echo "$before MiB after 200 refreshes, $after MiB after 1200"
  ((after <= before + 15))
}

@test "the library's examples do what they say" {
  unprivileged node examples/changes.mjs >"$events" 3>&- &
  watcher=$!
  until_true saw '0 services'
  ipvsadm -A -t 10.0.0.1:80 -s rr
  until_true saw 'add service 10.0.0.1:80'
  ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2 -m -w 3
  until_true saw 'add destination 10.0.0.2:80 forward=masq weight=3'
  run node examples/drain.mjs 10.0.0.1:80 10.0.0.2:80
  [ "$output" = $'weight 3 -> 0\n0 connections left' ]
  until_true saw 'change destination 10.0.0.2:80 weight=0'
  ipvsadm -C
  wait "$watcher"
  saw 'delete service 10.0.0.1:80'
}
