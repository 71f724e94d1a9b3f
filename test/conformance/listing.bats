# The table in all its views.
# needs: ipvsadm

setup_file() {
  load ../lab/guest
  echo '10.0.0.1 vip.test' >>/etc/hosts
}

# The files of a folder may share a guest.
teardown_file() {
  local others
  others=$(grep -v 'vip\.test$' /etc/hosts)
  echo "$others" >/etc/hosts
}

setup() {
  load expect
  prepare
  /sbin/ipvsadm -R <<'END'
-A -t 10.0.0.1:80 -s wrr -p 300
-a -t 10.0.0.1:80 -r 192.168.0.12:8080 -m -w 2 -x 100 -y 50
-a -t 10.0.0.1:80 -r 192.168.0.11:8080 -m
-A -f 3 -s rr
-a -f 3 -r 192.168.0.13 -i --tun-type gue --tun-port 6080
-A -t [2001:db8::1]:443 -s mh -b mh-port
END
}

@test "the plain view, sorted" {
  shows ipvsadm -Ln <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:80 wrr persistent 300
  -> 192.168.0.11:8080            Masq    1      0          0         
  -> 192.168.0.12:8080            Masq    2      0          0         
TCP  [2001:db8::1]:443 mh (mh-port)
FWM  3 rr
  -> 192.168.0.13:0               Tunnel  1      0          0         
END
}

@test "no argument at all lists with names" {
  shows ipvsadm <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  vip.test:http wrr persistent 300
  -> 192.168.0.11:http-alt        Masq    1      0          0         
  -> 192.168.0.12:http-alt        Masq    2      0          0         
TCP  [2001:db8::1]:https mh (mh-port)
FWM  3 rr
  -> 192.168.0.13:0               Tunnel  1      0          0         
END
}

@test "one service" {
  shows ipvsadm -L -n -t 10.0.0.1:80 <<'END'
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  10.0.0.1:80 wrr persistent 300
  -> 192.168.0.11:8080            Masq    1      0          0         
  -> 192.168.0.12:8080            Masq    2      0          0         
END
}

@test "counters, in short and with all digits" {
  local exact
  for exact in "" --exact; do
    # shellcheck disable=SC2086
    shows ipvsadm -Ln --stats $exact <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.0.0.1:80                         0        0        0        0        0
  -> 192.168.0.11:8080                   0        0        0        0        0
  -> 192.168.0.12:8080                   0        0        0        0        0
TCP  [2001:db8::1]:443                   0        0        0        0        0
FWM  3                                   0        0        0        0        0
  -> 192.168.0.13:0                      0        0        0        0        0
END
  done
}

@test "rates" {
  shows ipvsadm -Ln --rate <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS
  -> RemoteAddress:Port
TCP  10.0.0.1:80                         0        0        0        0        0
  -> 192.168.0.11:8080                   0        0        0        0        0
  -> 192.168.0.12:8080                   0        0        0        0        0
TCP  [2001:db8::1]:443                   0        0        0        0        0
FWM  3                                   0        0        0        0        0
  -> 192.168.0.13:0                      0        0        0        0        0
END
}

@test "thresholds" {
  shows ipvsadm -Ln --thresholds <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn 
  -> RemoteAddress:Port
TCP  10.0.0.1:80 wrr persistent 300
  -> 192.168.0.11:8080            0          0          0          0         
  -> 192.168.0.12:8080            100        50         0          0         
TCP  [2001:db8::1]:443 mh (mh-port)
FWM  3 rr
  -> 192.168.0.13:0               0          0          0          0         
END
}

@test "persistent connections" {
  shows ipvsadm -Ln --persistent-conn <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn 
  -> RemoteAddress:Port
TCP  10.0.0.1:80 wrr persistent 300
  -> 192.168.0.11:8080            1         0           0          0         
  -> 192.168.0.12:8080            2         0           0          0         
TCP  [2001:db8::1]:443 mh (mh-port)
FWM  3 rr
  -> 192.168.0.13:0               1         0           0          0         
END
}

@test "tunnels" {
  shows ipvsadm -Ln --tun-info <<'END'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn
TCP  10.0.0.1:80 wrr persistent 300
  -> 192.168.0.11:8080            Masq    n/a           1      0          0         
  -> 192.168.0.12:8080            Masq    n/a           2      0          0         
TCP  [2001:db8::1]:443 mh (mh-port)
FWM  3 rr
  -> 192.168.0.13:0               Tunnel  gue:6080:-c   1      0          0         
END
}

@test "connections" {
  shows ipvsadm -Lnc <<'END'
IPVS connection entries
pro expire state       source             virtual            destination
END
}

@test "the kernel's order has the same lines" {
  diff <(ipvsadm -Ln --nosort | sort) <(ipvsadm -Ln | sort)
}

@test "a service that is not there" {
  refuses 1 "No such service" ipvsadm -Ln -t 10.9.9.9:80
}

@test "views that exclude each other" {
  refuses 2 "options conflicts in the list command" ipvsadm -L --timeout --stats
}

@test "a long listing goes through a pipe, whole or cut off" {
  for host in {1..250}; do
    for port in {1..20}; do echo "-A -t 10.1.0.$host:$port"; done
  done | ipvsadm -R
  [[ $(ipvsadm -Ln | wc -l) == 5009 ]]
  run -0 bash -c 'set -o pipefail; ipvsadm -Ln | sed -n 3p'
  [[ $output == "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn" ]]
  # Five thousand lines are more than a pipe holds: the writer is told that nobody reads, by a signal as in C.
  run -141 bash -c 'ipvsadm -Ln | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}'
}
