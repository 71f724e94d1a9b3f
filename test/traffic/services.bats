# Packets prove what a table says about firewall marks, persistence and open connections.
# needs: ipvsadm,iptables,procps

load suite

@test "a firewall mark makes one service of two ports" {
  for port in 80 81; do
    director iptables-legacy -t mangle -A PREROUTING -d "$front4" -p tcp --dport $port -j MARK --set-mark 7
  done
  director ipvsadm -A -f 7 -s rr
  director ipvsadm -a -f 7 -r 10.0.2.11 -m
  director ipvsadm -a -f 7 -r 10.0.2.12 -m
  ask tcp "$front4" 80 3
  ask tcp "$front4" 81 3
  run director ipvsadm -Ln
  echo "$output"
  # Each server got three of the six connections, of either port.
  [[ $(awk '$1 == "FWM" { found = $2 } $1 == "->" && $2 ~ /^10/ { split($2, at, ":"); print at[1], at[2], $5 + $6 }
    END { print found }' <<<"$output") == $'10.0.2.11 0 3\n10.0.2.12 0 3\n7' ]]
  # What has no mark has no service: nobody answers.
  run ask udp "$front4" 80 1
  ((status != 0))
}

@test "a persistent service keeps a client at one server" {
  director ipvsadm -A -t "$lan4:80" -s rr -p 60
  director ipvsadm -a -t "$lan4:80" -r 10.0.2.11 -g
  director ipvsadm -a -t "$lan4:80" -r 10.0.2.12 -g
  run ask tcp "$lan4" 80 6
  [[ $output == "real1=6 real2=0" || $output == "real1=0 real2=6" ]]
  local server=10.0.2.11
  [[ $output == real1=6* ]] || server=10.0.2.12

  # The template that remembers the client has the client's port 0.
  run director ipvsadm -Lnc
  echo "$output"
  grep -Eq "^TCP +[0-9:]+ +ASSURED +10\.0\.2\.2:0 +$lan4:80 +$server:80$" <<<"$output"

  run director ipvsadm -Ln --persistent-conn
  echo "$output"
  [[ $(awk '$2 ~ /^10.0.2.1[12]:80/ { print $2, $4 }' <<<"$output" | sort) == \
    $(printf '%s %s\n' 10.0.2.11:80 "$([[ $server == *1 ]] && echo 1 || echo 0)" \
      10.0.2.12:80 "$([[ $server == *2 ]] && echo 1 || echo 0)") ]]
}

@test "an open connection is active, a closed one is not" {
  director ipvsadm -A -t "$front4:81" -s rr
  director ipvsadm -a -t "$front4:81" -r 10.0.2.12:81 -m
  connections() { director ipvsadm -Ln | awk '$2 == "10.0.2.12:81" { print $5, $6 }'; }

  coproc ip netns exec client bash -c "exec 4<>/dev/tcp/$front4/81; read -r -n 1 -u 4; echo open; read -r"
  read -r -t 60 -u "${COPROC[0]}" word
  [[ $word == open && $(connections) == "1 0" ]]
  echo close >&"${COPROC[1]}"
  closed() { [[ $(connections) == "0 1" ]]; }
  eventually 30 closed
}

@test "zeroed counters count again from nothing" {
  director ipvsadm -A -t "$front4:80" -s rr
  director ipvsadm -a -t "$front4:80" -r 10.0.2.11:80 -m
  counted() { [[ $(director ipvsadm -Ln --stats | awk '$1 == "TCP" { print $3 }') == "$1" ]]; }
  ask tcp "$front4" 80 4
  eventually 30 counted 4
  director ipvsadm -Z
  counted 0
  ask tcp "$front4" 80 2
  eventually 30 counted 2
}
