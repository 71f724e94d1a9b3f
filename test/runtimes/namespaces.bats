#!/usr/bin/env bats
# --netns: each runtime works on the table of another network namespace, and says why it cannot.
# needs: executable,small

bats_require_minimum_version 1.5.0

setup_file() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  ip netns add blue
  ip -n blue link set lo up
  ip -n blue link add d0 type dummy
  ip -n blue address add 10.9.9.2/24 dev d0
  ip -n blue link set d0 up
  small=$project/dist/small/ipvsadm
  "$small" -A -t 10.0.0.1:80 -s rr
  ip netns exec blue "$small" -A -t 10.9.9.9:99 -s wlc
  ip netns exec blue "$small" -a -t 10.9.9.9:99 -r 10.9.9.1 -m
}

setup() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  with_verbs=("$project/test/lab/bin" "$project/dist/standalone")
  small=$project/dist/small/ipvsadm
  folders=("${with_verbs[@]}" "$project/dist/small")
}

# prints FOLDER COMMAND...: its output, which one on standard error and a status other than 0 spoil.
prints() {
  run "$1/$2" "${@:3}"
  echo "$1/$2 ${*:3}: status $status: $output"
  [[ $status -eq 0 ]]
}

@test "listings and changes of the old grammar are those of the namespace, by name, file and process" {
  ip netns exec blue sleep 1000 3>&- &
  sleeper=$!
  while [[ /proc/$sleeper/ns/net -ef /proc/self/ns/net ]]; do sleep 0.1; done
  for folder in "${folders[@]}"; do
    prints "$folder" ipvsadm -Ln --netns blue
    [[ $output == *10.9.9.9:99* && $output != *10.0.0.1:80* ]]
    # In front of the command too, with an equals sign, and without a command.
    prints "$folder" ipvsadm --netns=/run/netns/blue -Sn
    [[ $output == *10.9.9.9:99* && $output != *10.0.0.1:80* ]]
    prints "$folder" ipvsadm --netns "pid:$sleeper"
    [[ $output == *10.9.9.9:99* ]]
    prints "$folder" ipvsadm -A -u 10.9.9.9:53 --netns blue
    ip netns exec blue "$small" -D -u 10.9.9.9:53
  done
  kill "$sleeper"
}

@test "a file with a name beyond ASCII, which on Node must be UTF-8" {
  for name in blü $'bl\xff'; do
    touch "$BATS_TEST_TMPDIR/$name"
    mount --bind /run/netns/blue "$BATS_TEST_TMPDIR/$name"
  done
  for folder in "${folders[@]}"; do
    prints "$folder" ipvsadm -Ln --netns "$BATS_TEST_TMPDIR/blü"
    [[ $output == *10.9.9.9:99* ]]
  done
  for folder in "${folders[@]:1}"; do
    prints "$folder" ipvsadm -Ln --netns "$BATS_TEST_TMPDIR/"$'bl\xff'
    [[ $output == *10.9.9.9:99* ]]
  done
  run "$folders/ipvsadm" -Ln --netns "$BATS_TEST_TMPDIR/"$'bl\xff'
  [[ $status -eq 2 && $output == *"on Node, a command line with --netns must be UTF-8"* ]]
  umount "$BATS_TEST_TMPDIR"/bl*
}

@test "saved, restored and checked in a namespace" {
  for folder in "${folders[@]}"; do
    prints "$folder" ipvsadm-save -n --netns blue
    [[ $output == *10.9.9.9:99* && $output != *10.0.0.1:80* ]]
    rules=$output
    ip netns exec blue "$small" -C
    run "$folder/ipvsadm-restore" --netns blue <<<"$rules"
    [[ $status -eq 0 && -z $output ]]
    [[ $(ip netns exec blue "$small" -Sn) == "$rules" ]]
    # A line of the input cannot leave the namespace.
    run "$folder/ipvsadm" -R --netns blue <<<"-A -t 10.8.8.8:80 --netns /proc/1/ns/net"
    [[ $status -eq 2 && $output == "--netns is for a command line, not for a line of its input" ]]
  done
  "$small" -Ln -t 10.0.0.1:80
}

# The inode of a namespace, by which state is kept.
inode() {
  ip netns exec "$1" readlink /proc/self/ns/net | tr -dc 0-9
}

@test "verbs read and change the namespace, with the lock, the overrides and the undo of that one" {
  for folder in "${with_verbs[@]}"; do
    rm -rf /run/ipvsadm /var/lib/ipvsadm
    ip netns exec blue "$small" -e -t 10.9.9.9:99 -r 10.9.9.1 -m -w 1
    prints "$folder" ipvsadm set --netns blue --server 10.9.9.1 weight=7 --hold test
    [[ $(ip netns exec blue "$small" -Sn) == *"-w 7"* ]]
    [[ $(ls /run/ipvsadm) == "$(inode blue)" && $(ls /var/lib/ipvsadm/undo) == "$(inode blue)" ]]
  done
  prints "$folder" ipvsadm overrides --netns blue
  [[ $output == *10.9.9.1* ]]
  prints "$folder" ipvsadm undo --netns blue
  [[ $(ip netns exec blue "$small" -Sn) == *"-w 1"* ]]
  prints "$folder" ipvsadm watch --count 1 -n --netns blue
  [[ $output == *10.9.9.9:99* && $output != *10.0.0.1:80* ]]
}

@test "undo does not take a command of a namespace that is gone for one of another with the same number" {
  for folder in "${with_verbs[@]}"; do
    ip netns add old
    number=$(inode old)
    "$small" -A -t 10.0.0.7:80 -s rr --netns old
    prints "$folder" ipvsadm flush --yes --netns old
    prints "$folder" ipvsadm undo --netns old
    [[ $("$small" -Sn --netns old) == *10.0.0.7:80* ]]
    prints "$folder" ipvsadm flush --yes --netns old
    id=$("$folder/ipvsadm" undo --list --netns old | head -n 1 | cut -d ' ' -f 1)
    ip netns delete old
    until [[ $(inode new 2>/dev/null) == "$number" ]]; do
      ip netns delete new 2>/dev/null || true
      sleep 0.1
      ip netns add new
    done
    run "$folder/ipvsadm" undo --netns new
    echo "$folder: $status $output"
    [[ $status -eq 3 && $output == "ipvsadm undo: $id: this network namespace is from "*"ipvsadm undo $id" ]]
    [[ -z $("$small" -Sn --netns new) ]]
    prints "$folder" ipvsadm undo "$id" --netns new
    [[ $("$small" -Sn --netns new) == *10.0.0.7:80* ]]
    # One that nothing keeps has no time.
    run unshare --net "$folder/ipvsadm" undo
    [[ $status -eq 3 && $output == *"there is nothing to undo"* ]]
    ip netns delete new
  done
}

@test "doctor reads the settings and the network of the namespace" {
  ip netns exec blue sysctl -qw net.ipv4.ip_forward=0
  sysctl -qw net.ipv4.ip_forward=1
  for folder in "${with_verbs[@]}"; do
    run "$folder/ipvsadm" doctor --netns blue --only fwd4
    [[ $status -eq 1 && $output == *"ip_forward is 0"* ]]
  done
}

# reads URL: asks for a page.
reads() {
  "${@:1:$#-1}" bash -c 'exec 5<>/dev/tcp/127.0.0.1/9733 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&5 && cat <&5' >"${!#}"
}

@test "metrics listens in the namespace, and a signal that is sent to it ends it" {
  for folder in "${with_verbs[@]}"; do
    "$folder/ipvsadm" metrics --listen 9733 --netns blue 3>&- 2>"$BATS_TEST_TMPDIR/log" &
    server=$!
    eventually 60 reads ip netns exec blue "$BATS_TEST_TMPDIR/page" 2>/dev/null
    grep -q 10.9.9.9 "$BATS_TEST_TMPDIR/page"
    run ! reads "$BATS_TEST_TMPDIR/page" 2>/dev/null
    kill -TERM "$server"
    status=0
    wait "$server" || status=$?
    [[ $status -eq 143 ]]
    run ! reads ip netns exec blue "$BATS_TEST_TMPDIR/page" 2>/dev/null
  done
}

@test "what cannot be entered is said, with the path and what to do; the status is that of the grammar" {
  mkfifo "$BATS_TEST_TMPDIR/fifo"
  for folder in "${folders[@]}"; do
    while IFS='|' read -r netns sentence; do
      run timeout 60 "$folder/ipvsadm" -Ln --netns "$netns"
      echo "$folder: $netns: $status $output"
      [[ $status -eq 2 && $output == "--netns $netns: $sentence"* ]]
    done <<END
red|/run/netns/red: there is no such network namespace
$BATS_TEST_TMPDIR/fifo|$BATS_TEST_TMPDIR/fifo: not a network namespace
/proc/self/ns/uts|/proc/self/ns/uts: not a network namespace
END
    run setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search \
      "$folder/ipvsadm" -Ln --netns blue
    echo "$folder: $status $output"
    [[ $status -eq 2 && $output == *"/run/netns/blue: no permission to enter this network namespace"*"run it as root"* ]]
  done
  run "${with_verbs[1]}/ipvsadm" watch --count 1 --netns red
  [[ $status -eq 7 && $output == "ipvsadm watch: --netns red: /run/netns/red: there is no such network namespace"* ]]
}

@test "on Node, a missing nsenter is said" {
  mount --bind /dev/null /usr/bin/nsenter
  run "$project/test/lab/bin/ipvsadm" -Ln --netns blue
  umount /usr/bin/nsenter
  [[ $status -eq 2 && $output == *"/usr/bin/nsenter cannot be run; on Node --netns needs it, from the package util-linux" ]]
}
