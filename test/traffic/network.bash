# A small cluster in network namespaces, sourced in the guest: a client, a director and two real servers.
#
#   client ----- 10.0.1.0/24, fd00:1::/64 ----- director        (masquerading: the way back leads over the director)
#   client, director, real1, real2: 10.0.2.0/24, fd00:2::/64    (direct routing, tunnelling: replies go straight back)

front4=10.0.1.100 front6=fd00:1::100 # virtual addresses on the first network
lan4=10.0.2.100 lan6=fd00:2::100     # virtual addresses on the second, which the real servers hold too, silently

director() { ip netns exec director "$@"; }

# preferred_lft 0 keeps a virtual address from being the source of a host's own packets.
build_network() {
  modprobe -a bridge veth ipip ip6_tunnel
  ip -batch - <<END
netns add lan
netns add client
netns add director
netns add real1
netns add real2
link add front netns client type veth peer name front netns director
link add lan netns client type veth peer name client netns lan
link add lan netns director type veth peer name director netns lan
link add lan netns real1 type veth peer name real1 netns lan
link add lan netns real2 type veth peer name real2 netns lan
END
  ip -n lan -batch - <<END
link add bridge type bridge
link set bridge up
link set client master bridge up
link set director master bridge up
link set real1 master bridge up
link set real2 master bridge up
END
  local end host namespace
  for end in client:2 director:1 real1:11 real2:12; do
    namespace=${end%:*} host=${end#*:}
    ip -n "$namespace" -batch - <<END
link set lo up
link set lan up
address add 10.0.2.$host/24 dev lan
address add fd00:2::$host/64 dev lan nodad
END
    case $namespace in
      client | director)
        ip -n "$namespace" -batch - <<END
link set front up
address add 10.0.1.$host/24 dev front
address add fd00:1::$host/64 dev front nodad
END
        ;;
      real*)
        ip netns exec "$namespace" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
        ip -n "$namespace" -batch - <<END
link set tunl0 up
link set ip6tnl0 up
address add $lan4/32 dev lo
address add $lan6/128 dev lo nodad preferred_lft 0
route add default via 10.0.2.1
route add default via fd00:2::1
END
        ;;
    esac
  done
  ip -n director -batch - <<END
address add $front4/32 dev front
address add $front6/128 dev front nodad preferred_lft 0
address add $lan4/32 dev lan
address add $lan6/128 dev lan nodad preferred_lft 0
END
  director sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# Starts the servers of both real servers on ports 80 and 81, and returns when they listen.
start_servers() {
  local here ready number word
  here=$(dirname "${BASH_SOURCE[0]}")
  ready=$(mktemp -u)
  mkfifo "$ready"
  exec {words}<>"$ready"
  for number in 1 2; do
    ip netns exec "real$number" node "$here/server.mjs" $number "10.0.2.1$number" "fd00:2::1$number" "$lan4" "$lan6" \
      </dev/null >"$ready" 2>&1 3>&- {words}>&- &
  done
  for number in 1 2; do
    read -r -t 60 -u "$words" word
    [[ $word == ready ]] || { echo "a server said: $word" >&2; return 1; }
  done
  exec {words}>&-
}

stop_servers() {
  { ip netns pids real1; ip netns pids real2; } | xargs kill
}

# ask PROTOCOL ADDRESS PORT COUNT: makes COUNT connections one after the other and prints how often each server answered,
# as `real1=3 real2=3`. `patience` may be other seconds than 120.
ask() {
  # Each datagram gets a port of its own: by chance the kernel would take one again, which the director still knows.
  # One character is read, for bash reads a socket byte by byte and a datagram is gone after its first.
  ip netns exec client timeout "${patience:-120}" bash -c '
    ports=/proc/sys/net/ipv4/ip_local_port_range
    for ((i = 0; i < $4; i++)); do
      if [[ $1 == udp ]]; then
        read -r port highest <$ports
        echo "$port $port" >$ports
      fi
      exec 3<>"/dev/$1/$2/$3" || exit 1
      [[ $1 != udp ]] || echo "$((port + 1)) $highest" >$ports
      printf hello >&3
      read -r -n 1 -t 60 server <&3 || exit 1
      exec 3>&-
      answers[server]=$((answers[server] + 1))
    done
    echo "real1=${answers[1]:-0} real2=${answers[2]:-0}"' ask "$@"
}
