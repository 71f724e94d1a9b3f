# The watcher in a terminal: keys, resize, colors, and the terminal given back.
# needs: procps,tmux,ipvsadm

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
}

teardown() {
  tmux kill-server 2>/dev/null || true
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

session_ended() { ! tmux has-session 2>/dev/null; }

end_screen() {
  tmux kill-server
  until_true session_ended
}

three_services() {
  for port in 80 81 82; do
    /sbin/ipvsadm -A -t 10.0.0.1:$port -s rr
    /sbin/ipvsadm -a -t 10.0.0.1:$port -r 10.0.1.$port -m -w $((port - 80))
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
  /sbin/ipvsadm -A -t 10.0.0.1:90 -s rr
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

# Nobody can continue a process whose group is orphaned, so the kernel does not stop it.
@test "Ctrl-Z where the watcher leads its session leaves it usable" {
  three_services
  tmux -f /dev/null new-session -d -x 100 -y 20 'ipvsadm watch -n --interval 2'
  until_true screen_has 'TCP 10.0.0.1:82'
  tmux send-keys C-z
  /sbin/ipvsadm -A -t 10.0.0.1:90 -s rr
  until_true screen_has '+ TCP 10.0.0.1:90'
  [ "$(tmux display-message -p '#{alternate_on}')" = 1 ]
  tmux send-keys q
  until_true session_ended
}

@test "a stop from outside gives the terminal back, and any continuation takes it again" {
  three_services
  start_screen
  until_true screen_has 'TCP 10.0.0.1:82'
  for stop in TSTP STOP; do
    pkill -$stop -P "$(tmux display-message -p '#{pane_pid}')"
    until_true screen_has 'Stopped'
    # Nothing can give the terminal back before SIGSTOP; a shell does so by itself.
    [ $stop = STOP ] || [ "$(tmux display-message -p '#{alternate_on} #{cursor_flag}')" = "0 1" ]
    tmux send-keys 'fg' Enter
    until_true screen_has 'TCP 10.0.0.1:82'
    screen_lacks 'Stopped'
    [ "$(tmux display-message -p '#{alternate_on}')" = 1 ]
  done
  tmux send-keys q
  until_true screen_has 'shell>'
}

@test "NO_COLOR leaves the colors out; TERM=dumb the screen" {
  three_services
  start_screen
  until_true screen_has 'TCP 10.0.0.1:82'
  colored() { tmux capture-pane -pe | grep -q $'\x1b\\[33m'; }
  until_true colored
  end_screen
  start_screen NO_COLOR=1
  until_true screen_has 'TCP 10.0.0.1:82'
  run tmux capture-pane -pe
  [[ "$output" != *$'\x1b[3'[0-9]m* ]]
  end_screen
  start_screen TERM=dumb
  until_true screen_has 'TCP 10.0.0.1:82'
  [ "$(tmux display-message -p '#{alternate_on}')" = 0 ]
}
