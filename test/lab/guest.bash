# Sourced by what runs in the guest: our programs stand first on PATH, and ip_vs is loaded.
# IPVSADM_UNDER_TEST names a folder with other builds of ipvsadm, ipvsadm-save and ipvsadm-restore.
# IPVSADM_FULL names the full executable to which the small one, if it is that build, hands on verbs and big work.
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
under_test=${IPVSADM_UNDER_TEST:-$project/test/lab/bin}
original=/run/original # Debian's programs, after take_over
PATH=$under_test:$PATH
modprobe ip_vs
full=/usr/lib/ipvsadm/ipvsadm-full # where the small executable looks for the full one

# install_full FILE
install_full() {
  mkdir -p "${full%/*}"
  ln -sf "$1" "$full"
}
[[ ! ${IPVSADM_FULL:-} ]] || install_full "$IPVSADM_FULL"

# Puts our programs in place of Debian's, for whoever calls them by their absolute path. The original scripts look for
# their program in the system's folders only; those that are kept find the original.
take_over() {
  mkdir "$original"
  cp /sbin/ipvsadm /sbin/ipvsadm-save /sbin/ipvsadm-restore "$original"
  sed -i "s|^PATH=|&$original:|" "$original"/ipvsadm-{save,restore}
  [[ $under_test -ef /sbin ]] || ln -sf "$under_test"/ipvsadm{,-save,-restore} /sbin/
}

# eventually SECONDS COMMAND...: waits until a condition holds that only the kernel brings about, in its own time.
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2 # looking takes the one processor from what is awaited
  done
}
