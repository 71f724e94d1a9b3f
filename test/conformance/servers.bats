# Real servers as a person adds, changes and deletes them.
# needs: ipvsadm

setup() {
  load expect
  prepare
  /sbin/ipvsadm -A -t 10.0.0.1:80 -s wrr
}

@test "a server is added with the defaults: the service's port, direct routing, weight 1" {
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wrr
-a -t 10.0.0.1:80 -r 192.168.0.11:80 -g -w 1
END
}

@test "servers of every forwarding method, with weights; thresholds are not saved" {
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11:8080 -m -w 5 -x 100 -y 50
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.12 -g -w 0
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.13 -i --tun-type gue --tun-port 6080 --tun-csum
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.14 -i --tun-type gre
  quietly ipvsadm -a -t 10.0.0.1:80 -r 2001:db8::11 -i
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wrr
-a -t 10.0.0.1:80 -r 192.168.0.11:8080 -m -w 5
-a -t 10.0.0.1:80 -r 192.168.0.12:80 -g -w 0
-a -t 10.0.0.1:80 -r 192.168.0.13:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
-a -t 10.0.0.1:80 -r 192.168.0.14:80 -i -w 1 --tun-type gre --tun-nocsum
-a -t 10.0.0.1:80 -r [2001:db8::11]:80 -i -w 1 --tun-type ipip
END
}

@test "a server is made quiet, and comes back" {
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11 -m -w 3
  quietly ipvsadm -e -t 10.0.0.1:80 -r 192.168.0.11 -m -w 0
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wrr
-a -t 10.0.0.1:80 -r 192.168.0.11:80 -m -w 0
END
  quietly ipvsadm --edit-server --tcp-service 10.0.0.1:80 --real-server 192.168.0.11 --masquerading --weight 3
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wrr
-a -t 10.0.0.1:80 -r 192.168.0.11:80 -m -w 3
END
}

@test "a server is deleted" {
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.12
  quietly ipvsadm -d -t 10.0.0.1:80 -r 192.168.0.11
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wrr
-a -t 10.0.0.1:80 -r 192.168.0.12:80 -g -w 1
END
}

@test "the kernel's refusals are told in ipvsadm's words" {
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11
  refuses 255 "Destination already exists" ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11
  refuses 255 "Service not defined" ipvsadm -a -t 10.0.0.1:81 -r 192.168.0.11
  refuses 255 "No such destination" ipvsadm -e -t 10.0.0.1:80 -r 192.168.0.12
  refuses 255 "No such destination" ipvsadm -d -t 10.0.0.1:80 -r 192.168.0.12
  refuses 255 "Service not defined" ipvsadm -d -t 10.0.0.1:81 -r 192.168.0.11
}

@test "options that contradict each other are refused, and nothing changes" {
  refuses 2 "Different address family is allowed only for tunneling servers" ipvsadm -a -t 10.0.0.1:80 -r 2001:db8::11 -m
  refuses 2 "Tunnel options conflict with forward method" ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11 -m --tun-type gue
  refuses 2 "multiple 'forwarding-method' options specified" ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11 -m -g
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s wrr"
}
