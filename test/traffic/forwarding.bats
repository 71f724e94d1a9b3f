# Packets prove what the table says: every forwarding method with TCP and UDP, IPv4 and IPv6.
# needs: ipvsadm,procps

load suite

# stats_agree MASQUERADING IPVSADM: six connections, three a server; packets came in; only masquerading sees them go out.
stats_agree() {
  director "$2" -Ln --stats --exact | tee "$BATS_TEST_TMPDIR/stats" | awk -v masquerading="$1" '
    function agrees(connections) {
      return $3 == connections && $4 >= connections && $6 > 20 * connections &&
        (masquerading ? $5 >= connections && $7 > 20 * connections : $5 == 0 && $7 == 0)
    }
    $1 == "TCP" || $1 == "UDP" { services++; good += agrees(6) }
    $1 == "->" && $2 ~ /:8[01]$/ { servers++; good += agrees(3) }
    END { exit !(services == 1 && servers == 2 && good == 3) }'
}

# connections PROTOCOL VIRTUAL: the connection entries of a service.
connections() {
  director ipvsadm -Lnc | awk -v protocol="${1^^}" -v virtual="$2" '$1 == protocol && $5 == virtual'
}

# forwards METHOD FAMILY PROTOCOL: builds the service, and looks at the spread of connections by rr, by wrr, after a
# server's weight is set to 0, and at what the listing has to say about it.
forwards() {
  # Each method that uses the same virtual address has a port of its own: connections stay after their service.
  local method=$1 family=$2 protocol=$3 port=80 address virtual service first second masquerading
  [[ $method != -i ]] || port=81
  case $method-$family in
    -m-inet) address=$front4 ;;
    -m-inet6) address=$front6 ;;
    *-inet) address=$lan4 ;;
    *-inet6) address=$lan6 ;;
  esac
  case $family in
    inet) virtual=$address:$port first=10.0.2.11:$port second=10.0.2.12:$port ;;
    inet6) virtual=[$address]:$port first=[fd00:2::11]:$port second=[fd00:2::12]:$port ;;
  esac
  case $protocol in
    tcp) service="-t $virtual" ;;
    udp) service="-u $virtual" ;;
  esac

  director ipvsadm -R <<END
-A $service -s rr
-a $service -r $first $method
-a $service -r $second $method
END
  run ask "$protocol" "$address" $port 6
  [[ $output == "real1=3 real2=3" ]]

  # The kernel brings counters up to date every two seconds.
  masquerading=$([[ $method != -m ]] || echo 1)
  eventually 30 stats_agree "$masquerading" /sbin/ipvsadm || { cat "$BATS_TEST_TMPDIR/stats"; false; }
  stats_agree "$masquerading" ipvsadm || { cat "$BATS_TEST_TMPDIR/stats"; false; }

  # One entry a connection, each with the client, the service and its server.
  run connections "$protocol" "$virtual"
  echo "$output"
  [[ $(grep -c -F "$first" <<<"$output") == 3 && $(grep -c -F "$second" <<<"$output") == 3 ]]

  director ipvsadm -R <<END
-E $service -s wrr
-e $service -r $first $method -w 3
-e $service -r $second $method -w 1
END
  run ask "$protocol" "$address" $port 8
  [[ $output == "real1=6 real2=2" ]]

  director ipvsadm -e $service -r "$first" $method -w 0
  run ask "$protocol" "$address" $port 4
  [[ $output == "real1=0 real2=4" ]]
}

for method in "-m masquerading" "-g direct-routing" "-i tunnelling"; do
  for family in inet inet6; do
    for protocol in tcp udp; do
      bats_test_function --description "${method#* } forwards $protocol over $family" \
        -- forwards "${method% *}" "$family" "$protocol"
    done
  done
done
