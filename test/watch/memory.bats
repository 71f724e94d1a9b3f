# The watcher's memory over many refreshes.
# needs: ipvsadm

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
  if [[ ${watcher:-} ]]; then kill "$watcher" 2>/dev/null || true; fi
}

@test "five hundred refreshes do not make it grow" {
  for port in 80 81 82; do
    /sbin/ipvsadm -A -t 10.0.0.1:$port -s rr
    /sbin/ipvsadm -a -t 10.0.0.1:$port -r 10.0.1.$port -m
  done
  # The room for young objects, which V8 enlarges step by step, is kept at 1 MiB: what grows then is what is kept.
  NODE_OPTIONS=--max-semi-space-size=1 ipvsadm watch -n --interval 0.1 >"$BATS_TEST_TMPDIR/plain" 3>&- &
  watcher=$!
  refreshes() { (($(grep -c '^IPVS' "$BATS_TEST_TMPDIR/plain") >= $1)); }
  resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$watcher/status"; }
  local before='' deadline=$((SECONDS + 500))
  until refreshes 700; do
    ((SECONDS < deadline))
    if [[ ! $before ]] && refreshes 200; then before=$(resident); fi
    sleep 1
  done
  after=$(resident)
  echo "$before MiB after 200 refreshes, $after MiB after 700"
  ((after <= before + 8))
}
