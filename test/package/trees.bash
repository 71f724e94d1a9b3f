# Sourced by `paths`: file trees in which dpkg is tried, what is looked at in one, and steps of the maintainer scripts that
# go wrong on purpose.
#
# A tree is an overlay over this machine's, in a mount namespace that ends with the script. It has a dpkg database of a few
# packages, so that dpkg takes a tenth of a second, and a small program in place of our executable. No service runs in it:
# the calls of invoke-rc.d are noted.

work=$(mktemp -d)
trap 'umount -l "$work"; rmdir "$work"' EXIT
mount -t tmpfs tmpfs "$work"

base=$work/layers/base
declare -A stack=([base]=$base) # the layers that make a named tree, the newest first
layers=()                       # the layers over which a test starts
root=                           # the tree that is open

# over NAME: what the next tests start from.
over() { read -ra layers <<<"${stack[$1]}"; }

# open NAME LAYER...: opens a tree over the layers, the newest first; what is written becomes the layer NAME.
open() {
  local name=$1 lower
  shift
  root=$work/roots/$name
  mkdir -p "$work/layers/$name" "$work/overlay/$name" "$root"
  lower=$(printf '%s:' "$@" "${PATHS_ROOT:-/}")
  mount -t overlay overlay -o "lowerdir=${lower%:},upperdir=$work/layers/$name,workdir=$work/overlay/$name" "$root"
  mount --bind /dev "$root/dev"
  mount -t proc proc "$root/proc"
}
close() {
  umount -l "$root"
  root=
}

# layer NAME BELOW COMMAND...: what the command makes of the named tree BELOW is the tree NAME.
layer() {
  local name=$1
  over "$2"
  shift 2
  open "$name" "${layers[@]}"
  fault 0 none
  "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  stack[$name]="$work/layers/$name ${layers[*]}"
  close
}

# inside COMMAND...: runs it in the tree, in a session of its own, all of which a crash ends.
inside() {
  setsid --wait chroot "$root" env -i LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    PATH=/fault/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" </dev/null
}
install() { inside dpkg --install "/debs/$1.deb"; }

# --- Packages ---

# build FOLDER NAME: makes a package of the folder.
build() { dpkg-deb --root-owner-group --build "$1" "$base/debs/$2.deb" >/dev/null; }

failing_preinst() {
  mkdir -p "$1/DEBIAN"
  printf '#!/bin/sh\nexit 1\n' >"$1/DEBIAN/preinst"
  chmod 755 "$1/DEBIAN/preinst"
}

# other NAME [FIELDS]: makes a package of the folder $work/NAME, with these further fields.
other() {
  mkdir -p "$work/$1/DEBIAN"
  printf '%s\n' "Package: $1" "Version: 1" "Architecture: all" "Maintainer: nobody <nobody@invalid>" "Description: test" \
    ${2:+"$2"} >"$work/$1/DEBIAN/control"
  build "$work/$1" "$1"
}

# make_debs FOLDER: the packages of the tests, from those in the folder.
make_debs() {
  local ours=$work/ours program=$work/ours/usr/sbin/ipvsadm
  mkdir -p "$base/debs" "$ours"
  cp "$1"/debian-1[23].deb "$base/debs"
  dpkg-deb --ctrl-tarfile "$1/ours.deb" | tar -x -C "$ours" --one-top-level=DEBIAN
  dpkg-deb --fsys-tarfile "$1/ours.deb" | tar -x -C "$ours" --exclude=./usr/sbin/ipvsadm
  printf '#!/bin/sh\necho ours\n' >"$program"
  chmod 755 "$program"
  sed -i "s|^.*  usr/sbin/ipvsadm$|$(md5sum <"$program" | cut -d ' ' -f 1)  usr/sbin/ipvsadm|" "$ours/DEBIAN/md5sums"
  build "$ours" ours
  sed -i 's/^Version: .*/&+later/' "$ours/DEBIAN/control"
  build "$ours" later

  # A later version has a file that another package has: its unpacking fails, after that of the programs.
  mkdir -p "$work/owner/usr/share/zsh/vendor-completions"
  touch "$work/owner/usr/share/zsh/vendor-completions/owned"
  other owner
  cp -a "$work/owner/usr" "$ours"
  build "$ours" later-cannot-unpack
  rm "$ours/usr/share/zsh/vendor-completions/owned"
  failing_preinst "$ours"
  build "$ours" later-preinst-fails

  # Packages for which dpkg removes or deconfigures ours before they fail; and one that has all of our files.
  failing_preinst "$work/conflicting"
  other conflicting $'Conflicts: ipvsadm-ts\nReplaces: ipvsadm-ts'
  failing_preinst "$work/breaking"
  other breaking "Breaks: ipvsadm-ts"
  cp -a "$ours" "$work/overwriting"
  rm -r "$work/overwriting/DEBIAN"
  other overwriting "Replaces: ipvsadm-ts"
}

# break_script PACKAGE SCRIPT: makes a script of an installed package fail.
break_script() { sed -i '2i exit 1' "$root/var/lib/dpkg/info/$1.$2"; }
mend_script() { sed -i 2d "$root/var/lib/dpkg/info/$1.$2"; }

# --- The base of all trees ---

# Without what this machine has of ipvsadm, with the database, and with the steps of the scripts under watch.
make_base() {
  local name
  open base
  rm -rf "$root"/usr/sbin/{ipvsadm*,policy-rc.d} "$root"/etc/ipvsadm* "$root"/etc/{init.d,default}/ipvsadm \
    "$root"/etc/rc?.d/???ipvsadm "$root"/etc/systemd/system/*/ipvsadm.service "$root"/usr/lib/systemd/system/ipvsadm* \
    "$root"/usr/share/{doc,man/man8,lintian/overrides}/ipvsadm* "$root"/run/systemd \
    "$root"/var/lib/{dpkg,systemd/deb-systemd-helper*}
  mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers,alternatives,parts} "$root/fault/bin"
  cp "${PATHS_ROOT:-}/var/lib/dpkg/info/format" "$root/var/lib/dpkg/info"
  for name in libc6 libnl-3-200 libnl-genl-3-200 libpopt0 lsb-base sysvinit-utils init-system-helpers; do
    printf '%s\n' "Package: $name" "Status: install ok installed" "Maintainer: nobody <nobody@invalid>" \
      "Architecture: all" "Multi-Arch: foreign" "Version: 99" "Description: test" "" >>"$root/var/lib/dpkg/status"
    touch "$root/var/lib/dpkg/info/$name".{list,md5sums}
  done

  # Every command that a maintainer script runs is a step. The one that `at` counts down to goes wrong.
  cat >"$root/fault/step" <<'END'
#!/bin/sh
PATH=${PATH#/fault/bin:}
name=${0##*/}
if [ -z "${DPKG_MAINTSCRIPT_NAME:-}" ]; then exec "$name" "$@"; fi
echo "$DPKG_MAINTSCRIPT_PACKAGE $DPKG_MAINTSCRIPT_NAME: $name $*" >>/fault/steps
read -r left kind </fault/at
echo "$((left - 1)) $kind" >/fault/at
wrong=
if [ "$left" = 1 ]; then wrong=$kind; fi
if [ "$wrong" = crashes ]; then kill -KILL 0; fi
if [ "$name" = invoke-rc.d ]; then
  for verb in "$@"; do :; done
  echo "$DPKG_MAINTSCRIPT_PACKAGE $verb" >>/fault/services
  name=true
fi
if [ "$wrong" = fails ]; then
  echo "$name: failed on purpose" >&2
  exit 1
fi
exec "$name" "$@"
END
  chmod 755 "$root/fault/step"
  for name in chmod deb-systemd-helper dpkg-divert dpkg-query grep invoke-rc.d readlink rm systemctl update-rc.d; do
    ln -s ../step "$root/fault/bin/$name"
  done
  fault 0 none
  close
}

# fault NUMBER KIND: which step from now on fails, or crashes; notes start anew.
fault() {
  echo "$1" "$2" >"$root/fault/at"
  : >"$root/fault/steps"
  : >"$root/fault/services"
}

# --- What is looked at ---

is() { [[ $1 == "$2" ]] || { echo "is: $1"; echo "not: $2"; return 1; }; }
there() { test "$1" "$root$2" || { echo "not there, or not as test $1 wants it: $2"; return 1; }; }
same() { diff <(echo "$1") <(echo "$2"); }

# refused COMMAND...: it fails; says TEXT: it said so.
refused() {
  local status=0
  output=$("$@" 2>&1) || status=$?
  echo "$output"
  ((status != 0)) || { echo "did not fail: $*"; return 1; }
}
says() { [[ $output == *"$1"* ]] || { echo "does not say: $1"; return 1; }; }

status_of() { inside dpkg-query -Wf '${db:Status-Status}' "$1" 2>/dev/null || true; }
services() { cat "$root/fault/services"; }

no_trace_of_takeover() {
  is "$(inside dpkg-divert --list '*ipvsadm*')" ""
  is "$(echo "$root"/usr/sbin/*.usr-is-merged)" "$root/usr/sbin/*.usr-is-merged"
  is "$(echo "$root"/run/ipvsadm-ts*)" "$root/run/ipvsadm-ts*"
}

# Debian's package is installed, and every file of it has its own content.
debian_works() {
  is "$(status_of ipvsadm)" installed
  is "$(inside dpkg --verify ipvsadm | grep -v ' c /etc/')" ""
  there -x /etc/init.d/ipvsadm
  no_trace_of_takeover
}

ours_works() {
  local program
  is "$(status_of ipvsadm-ts)" installed
  is "$(inside dpkg --verify ipvsadm-ts | grep -v ' c /etc/')" ""
  there -x /etc/init.d/ipvsadm
  for program in ipvsadm-save ipvsadm-restore; do is "$(readlink "$root/usr/sbin/$program")" ipvsadm; done
  there -L /etc/systemd/system/multi-user.target.wants/ipvsadm.service
  there -L /etc/rc2.d/S01ipvsadm
  is "$(inside dpkg --audit)" ""
  no_trace_of_takeover
}

programs_are_there() {
  local program
  for program in ipvsadm ipvsadm-save ipvsadm-restore; do there -x "/usr/sbin/$program"; done
}

# sound: what holds at any moment, whatever went wrong.
sound() {
  local debian ours
  debian=$(status_of ipvsadm)
  ours=$(status_of ipvsadm-ts)
  echo "sound: ipvsadm is '$debian', ipvsadm-ts is '$ours'"
  if [[ $debian == installed ]]; then debian_works; fi
  if [[ $ours == installed ]]; then ours_works; fi
  case " $debian $ours" in
    *" installed"* | *" unpacked"* | *" half-configured"*) programs_are_there ;;
  esac
}

# listing: all that the packages may leave or change in the file tree, and what dpkg knows of them.
listing() {
  (
    cd "$root"
    shopt -s nullglob
    find etc run var/lib/systemd usr/sbin/ipvsadm* usr/lib{,exec}/ipvsadm usr/lib/systemd/system/ipvsadm* \
      usr/share/{doc,man/man8,lintian/overrides,bash-completion/completions}/ipvsadm* \
      usr/share/{zsh/vendor-completions/_,fish/vendor_completions.d/}ipvsadm* \
      ! -type d -path '*ipvsadm*' -printf '%p %y %m %s %l\n' 2>/dev/null | sort
  )
  inside dpkg-divert --list '*ipvsadm*'
  inside dpkg-query -Wf '${Package} ${Version} ${Status}\n' 'ipvsadm*' 2>/dev/null | grep -v not-installed || true
}
