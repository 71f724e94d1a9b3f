# Where the kernel cannot be had, the programs say and return what the original does.
# needs: ipvsadm

bats_require_minimum_version 1.5.0

setup_file() {
  load ../lab/guest
  take_over
}

setup() {
  load ../lab/guest
}

teardown() {
  echo /sbin/modprobe >/proc/sys/kernel/modprobe
}

# same WRAPPER... -- PROGRAM ARGUMENT...: runs the original and ours in the same surroundings and compares them.
same() {
  local wrapper=() theirs ours
  while [[ $1 != -- ]]; do wrapper+=("$1"); shift; done
  shift
  theirs=$(PATH=$original:$PATH observe "${wrapper[@]}" "$@")
  ours=$(observe "${wrapper[@]}" "$@")
  echo "$*: the original: $theirs"$'\n'"ours: $ours"
  [[ $ours == "$theirs" && $theirs == *"$expected"* ]]
}

# Standard output, standard error and exit status as one text.
observe() {
  local status=0
  "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" <<<"-A -t 10.0.0.1:80" || status=$?
  printf 'out[%s] err[%s] status[%s]' "$(<"$BATS_TEST_TMPDIR/out")" "$(<"$BATS_TEST_TMPDIR/err")" "$status"
}

scripts=("ipvsadm-save" "ipvsadm-save -n" "ipvsadm-restore")
# Good and bad command lines: the kernel is reached for before any of them is looked at.
commands=("ipvsadm" "ipvsadm -Ln" "ipvsadm -Lnc" "ipvsadm -S -n" "ipvsadm -C" "ipvsadm -R" "ipvsadm -A -t 10.0.0.1:80"
  "ipvsadm --set 1 2 3" "ipvsadm -L --daemon" "ipvsadm nonsense" "ipvsadm -A -t 10.0.0.1" "${scripts[@]}")

compare_all() {
  local words
  for words in "${commands[@]}"; do
    # shellcheck disable=SC2086
    same "$@" -- $words
  done
}

@test "another user than root" {
  expected="Permission denied (you must be root)"
  # The capability lets the user read the programs, wherever the project lies.
  compare_all setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search
}

@test "root without the capability to administer the network" {
  expected="Permission denied (you must be root)"
  commands=("ipvsadm -Ln" "ipvsadm -C" "${scripts[@]}")
  compare_all setpriv --bounding-set=-net_admin
}

@test "root of a container only, even in a network of its own" {
  expected="Permission denied (you must be root)"
  commands=("ipvsadm -Ln" "ipvsadm -C" "${scripts[@]}")
  compare_all unshare --user --map-root-user
  compare_all unshare --user --map-root-user --net
}

without_sockets() { perl "$BATS_TEST_DIRNAME/without-sockets.pl" "$@"; }

@test "no socket that leads to ip_vs" {
  local errno
  expected="Can't initialize ipvs: "
  commands=("ipvsadm -Ln" "ipvsadm-restore")
  # EPERM, EACCES, EMFILE, EAFNOSUPPORT
  for errno in 1 13 24 97; do compare_all without_sockets all $errno; done
}

@test "no netlink socket: the original goes by the kernel's older interface, ours says what is the matter" {
  run --separate-stderr without_sockets netlink 97 "$original/ipvsadm" -Ln
  [[ $status == 0 && ! $stderr ]]
  run --separate-stderr without_sockets netlink 97 ipvsadm -Ln
  [[ $status == 2 && ! $output && $stderr == "Can't initialize ipvs: Operation not supported with specified address family"* ]]
}

@test "no ip_vs module" {
  modprobe -r ip_vs
  # Neither the kernel nor the programs can load it now.
  echo /bin/false >/proc/sys/kernel/modprobe
  expected="Can't initialize ipvs: Protocol not available"$'\n'"Are you sure that IP Virtual Server is built in the kernel or as module?"
  compare_all unshare --mount bash -c 'mount -t tmpfs none /lib/modules && "$@"' without-modules
}

@test "a module that is not loaded yet is loaded" {
  modprobe -r ip_vs
  echo /bin/false >/proc/sys/kernel/modprobe
  run ipvsadm -Ln
  echo "$output"
  [[ $status == 0 && $output == "$("$original/ipvsadm" -Ln)" ]]
}

@test "on Node, no variable makes it load another addon" {
  mkdir -p "$BATS_TEST_TMPDIR/evil/prebuilds/linux-evil"
  echo evil >"$BATS_TEST_TMPDIR/evil/prebuilds/linux-evil/node.napi.node"
  run env NETLINK_PREBUILD="$BATS_TEST_TMPDIR/evil" LIBC=musl ARM_VERSION=5 PREBUILDS_ONLY=1 npm_config_arch=evil \
    npm_config_platform=linux "$BATS_TEST_DIRNAME/../lab/bin/ipvsadm" -Ln
  [ "$status" -eq 0 ]
  [[ $output == "IP Virtual Server version "* ]]
}
