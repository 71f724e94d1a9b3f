# Loaded at the top of the suites with traffic, which need the package ipvsadm: the cluster of network.bash with its servers,
# and an empty table.

setup_file() {
  load ../lab/guest
  load ../traffic/network
  build_network
  start_servers
}

teardown_file() {
  stop_servers
}

setup() {
  load ../lab/guest
  load ../traffic/network
  cd "$BATS_TEST_TMPDIR"
  director /sbin/ipvsadm -C
}
