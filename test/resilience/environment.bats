# Where the kernel cannot be had, the programs say and return what the original does.

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

# same WRAPPER... -- ARGUMENT...: runs the original and ours in the same surroundings and compares them.
same() {
  local wrapper=() theirs ours
  while [[ $1 != -- ]]; do wrapper+=("$1"); shift; done
  shift
  theirs=$(PATH=$original:$PATH observe "${wrapper[@]}" ipvsadm "$@")
  ours=$(observe "${wrapper[@]}" ipvsadm "$@")
  echo "ipvsadm $*: the original: $theirs"$'\n'"ours: $ours"
  [[ $ours == "$theirs" && $theirs == *"$expected"* ]]
}

# Standard output, standard error and exit status as one text.
observe() {
  local status=0
  "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" <<<"-A -t 10.0.0.1:80" || status=$?
  printf 'out[%s] err[%s] status[%s]' "$(<"$BATS_TEST_TMPDIR/out")" "$(<"$BATS_TEST_TMPDIR/err")" "$status"
}

# Good and bad command lines: the kernel is reached for before any of them is looked at.
commands=("" "-Ln" "-Lnc" "-S -n" "-C" "-R" "-A -t 10.0.0.1:80" "--set 1 2 3" "-L --daemon" "nonsense" "-A -t 10.0.0.1")

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
  commands=("-Ln" "-C")
  compare_all setpriv --bounding-set=-net_admin
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
