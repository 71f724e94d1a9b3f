# The completions in the three shells, with a real table and hostile interface names.
# needs: fish,zsh

completions=$BATS_TEST_DIRNAME/../../completions

setup_file() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  ipvsadm -R <<'RULES'
-A -t 10.0.0.1:80 -s rr
-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m
-a -t 10.0.0.1:80 -r 192.168.255.3:8080 -m
-A -t [2001:db8::1]:443 -s wlc
-a -t [2001:db8::1]:443 -r [2001:db8:0:1::]:443
-A -u 10.0.0.1:53 -s rr
-A --sctp-service 10.0.0.1:36412 -s rr
-A -f 4294967295
-A -f 7 -6
RULES
  ip netns add blue
  ip netns add 'red$(id)'
  ip netns add 'with blank'
  ip link add 'evil$(id)' type dummy
  ip link add "it's;a\`b" type dummy
}

# candidates_SHELL WORD...: what the last word can become, sorted.
candidates_bash() {
  bash -c 'source "$1/ipvsadm.bash"; shift; COMP_LINE=$*; COMP_POINT=${#COMP_LINE}; COMP_WORDBREAKS=" "; _ipvsadm
    printf "%s\n" "${COMPREPLY[@]}"' - "$completions" "$@" | sort
}
candidates_fish() {
  fish --no-config -c 'source $argv[1]/ipvsadm.fish; complete -C "$argv[2..-1]"' "$completions" "$@" | cut -f 1 | sort
}

same() {
  diff <(printf '%s\n' "${@:2}" | sort) <(eval "$1") >&2
}

@test "bash: services of each protocol, canonical" {
  same 'candidates_bash ipvsadm -D -t ""' 10.0.0.1:80 '\[2001:db8::1\]:443'
  same 'candidates_bash ipvsadm --delete-service --udp-service ""' 10.0.0.1:53
  same 'candidates_bash ipvsadm -D --sctp-service ""' 10.0.0.1:36412
  same 'candidates_bash ipvsadm -D -f ""' 4294967295 7
  same 'candidates_bash ipvsadm -Lnt 10' 10.0.0.1:80
}

@test "bash: servers of the service that is named, or of all" {
  same 'candidates_bash ipvsadm -d -t 10.0.0.1:80 -r ""' 10.0.0.2:80 192.168.255.3:8080
  same 'candidates_bash ipvsadm -d --tcp-service=10.0.0.1:80 --real-server=' --real-server={10.0.0.2:80,192.168.255.3:8080}
  same 'candidates_bash ipvsadm -d -t "[2001:db8::1]:443" -r ""' '\[2001:db8:0:1::\]:443'
  same 'candidates_bash ipvsadm -a -t 10.9.9.9:80 -r ""' 10.0.0.2:80 192.168.255.3:8080 '\[2001:db8:0:1::\]:443'
}

@test "bash: commands first, then their own options" {
  candidates_bash ipvsadm "" | grep -Fxq -- --add-service
  same 'candidates_bash ipvsadm --st' --start-daemon --stop-daemon
  same 'candidates_bash ipvsadm -S --' --numeric --json --netns
  same 'candidates_bash ipvsadm -C ""' --netns
  run candidates_bash ipvsadm -D --
  [[ $output == *--fwmark-service* && $output != *--weight* ]]
  same 'candidates_bash ipvsadm -A -t x:1 -w ""' ''
}

@test "bash: fixed words" {
  same 'candidates_bash ipvsadm -A -t x:1 -s wl' wlc
  same 'candidates_bash ipvsadm -A -f 1 --scheduler=s' --scheduler=sed --scheduler=sh
  same 'candidates_bash ipvsadm --start-daemon ""' master backup
  same 'candidates_bash ipvsadm -a -t x:1 -r y --tun-type ""' ipip gue gre
  same 'candidates_bash /usr/sbin/ipvsadm-save -' -n --json --netns
  same 'candidates_bash ipvsadm-restore ""' --test --netns
}

@test "bash: the commands that are words" {
  same 'candidates_bash ipvsadm w' watch
  candidates_bash ipvsadm help "" | grep -Fxq watch
  same 'candidates_bash ipvsadm help w' watch
  candidates_bash ipvsadm watch -- | grep -Fxq -- --interval
  candidates_bash ipvsadm watch --sort "" | grep -Fxq bytes
  same 'candidates_bash ipvsadm watch -n -u ""' 10.0.0.1:53
  same 'candidates_bash ipvsadm watch --interval ""' ''
}

@test "bash: network namespaces, in which other candidates cannot be seen" {
  same 'candidates_bash ipvsadm -L --netns ""' blue 'red\$\(id\)'
  same 'candidates_bash ipvsadm -L --netns=b' --netns=blue
  same 'candidates_bash ipvsadm --netns ""' blue 'red\$\(id\)'
  same 'candidates_bash ipvsadm --netns=b' --netns=blue
  same 'candidates_bash ipvsadm watch --netns b' blue
  same 'candidates_bash ipvsadm-save --netns b' blue
  same 'candidates_bash ipvsadm-restore -' --test --netns
  same 'candidates_bash ipvsadm --netns blue --st' --start-daemon --stop-daemon
  same 'candidates_bash ipvsadm --netns=blue -A -t x:1 -s wl' wlc
  same 'candidates_bash ipvsadm --netns blue -D -t ""' ''
  same 'candidates_bash ipvsadm -D --netns=blue -t ""' ''
}

@test "fish: the same candidates as bash" {
  for line in "-D -t |" "-d -t 10.0.0.1:80 -r |" "-A -t x:1 -s w|" "--st|" "-S --|" "-a -t x:1 -r y --tun-type |"; do
    read -ra words <<<"${line%|}"
    [[ $line != *" |" ]] || words+=("")
    diff <(candidates_bash ipvsadm "${words[@]}" | tr -d '\\') <(candidates_fish ipvsadm "${words[@]}")
  done
}

# typed SHELL LINE WORD...: the words that the line has after the Tab key.
typed() {
  run timeout 60 "$BATS_TEST_DIRNAME/type.zsh" "$1" "ipvsadm $2"
  echo "$output"
  [[ $output == "$(printf '%s\n' "${@:3}")" ]]
}

for_each_shell() {
  for shell in bash zsh fish; do typed "$shell" "$@"; done
}

@test "typed on a terminal: a service with its brackets, quoted, for zsh takes a bare one for a pattern" {
  for_each_shell '-D -t \[2' -D -t '[2001:db8::1]:443'
}

@test "typed on a terminal: the rest of an address behind a colon" {
  for_each_shell '-D -t 10.0.0.1:' -D -t 10.0.0.1:80
  for_each_shell '-A -f 1 --scheduler=wl' -A -f 1 --scheduler=wlc
}

@test "typed on a terminal: hostile interface names stay one word and run nothing" {
  for_each_shell '--start-daemon master --mcast-interface ev' --start-daemon master --mcast-interface 'evil$(id)'
  for_each_shell '--start-daemon master --mcast-interface it' --start-daemon master --mcast-interface "it's;a\`b"
}
