# Virtual services as a person adds, changes and deletes them.
# needs: ipvsadm

setup() {
  load expect
  prepare
}

@test "a service is added with the defaults" {
  quietly ipvsadm -A -t 10.0.0.1:80
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s wlc"
}

@test "a service is added with everything a service can have" {
  quietly ipvsadm --add-service --udp-service 10.0.0.1:5060 --scheduler sh --persistent 600 --netmask 255.255.255.0 \
    --pe sip --ops --sched-flags sh-fallback,sh-port
  shows ipvsadm -Sn <<<"-A -u 10.0.0.1:5060 -s sh -p 600 -M 255.255.255.0 --pe sip -o -b sh-fallback,sh-port"
}

@test "services of every kind stand beside each other" {
  quietly ipvsadm -A -t 10.0.0.1:80 -s rr
  quietly ipvsadm -A -u 10.0.0.1:53 -s wrr
  quietly ipvsadm -A --sctp-service 10.0.0.1:2905 -s lc
  quietly ipvsadm -A -t '[2001:db8::1]:80' -s sed
  quietly ipvsadm -A -f 7 -s nq
  quietly ipvsadm -A -f 7 -6 -s mh
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s rr
-A -u 10.0.0.1:53 -s wrr
-A --sctp-service 10.0.0.1:2905 -s lc
-A -t [2001:db8::1]:80 -s sed
-A -f 7 -s nq
-A -f 7 -6 -s mh
END
}

@test "a bare -p is six minutes, and its value may be glued or the next word" {
  quietly ipvsadm -A -t 10.0.0.1:80 -p
  quietly ipvsadm -A -t 10.0.0.1:81 -p 90
  quietly ipvsadm -A -t 10.0.0.1:82 -p90
  quietly ipvsadm -A -t 10.0.0.1:83 -p -s rr
  shows ipvsadm -Sn <<'END'
-A -t 10.0.0.1:80 -s wlc -p 360
-A -t 10.0.0.1:81 -s wlc -p 90
-A -t 10.0.0.1:82 -s wlc -p 90
-A -t 10.0.0.1:83 -s rr -p 360
END
}

@test "a service is changed as a whole: what is not said again gets its default" {
  quietly ipvsadm -A -t 10.0.0.1:80 -s rr -p 600 -M 255.255.0.0
  quietly ipvsadm -E -t 10.0.0.1:80 -s wrr
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s wrr"
}

@test "a service is deleted with its servers" {
  quietly ipvsadm -A -t 10.0.0.1:80
  quietly ipvsadm -a -t 10.0.0.1:80 -r 192.168.0.11 -m
  quietly ipvsadm -A -t 10.0.0.2:80
  quietly ipvsadm -D -t 10.0.0.1:80
  shows ipvsadm -Sn <<<"-A -t 10.0.0.2:80 -s wlc"
}

@test "the whole table is cleared" {
  quietly ipvsadm -A -t 10.0.0.1:80
  quietly ipvsadm -A -f 1
  quietly ipvsadm --clear
  shows ipvsadm -Sn </dev/null
}

@test "the kernel's refusals are told in ipvsadm's words" {
  quietly ipvsadm -A -t 10.0.0.1:80
  refuses 255 "Service already exists" ipvsadm -A -t 10.0.0.1:80
  refuses 255 "No such service" ipvsadm -E -t 10.0.0.1:81
  refuses 255 "No such service" ipvsadm -D -t 10.0.0.1:81
  refuses 255 "No such service" ipvsadm -Z -t 10.0.0.1:81
  refuses 255 "Scheduler or persistence engine not found" ipvsadm -A -t 10.0.0.1:82 -s nosuch
  shows ipvsadm -Sn <<<"-A -t 10.0.0.1:80 -s wlc"
}

@test "counters are zeroed, of one service or of all" {
  quietly ipvsadm -A -t 10.0.0.1:80
  quietly ipvsadm -Z
  quietly ipvsadm --zero -t 10.0.0.1:80
}
