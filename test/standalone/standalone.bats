#!/usr/bin/env bats
# What only the executable has: its names, and what it does not read. The suites that run it show everything else. The hostile
# surroundings are tested for the other two forms too: the program on Node, and the small executable with this one behind it.
# needs: executable,small,ipvsadm,procps

setup_file() {
  source "$BATS_TEST_DIRNAME/../lab/guest.bash"
  install_full "$project/dist/standalone/ipvsadm"
}

setup() {
  standalone=$(cd "$BATS_TEST_DIRNAME/../../dist/standalone" && pwd)
}

teardown() {
  cd /
  ! mountpoint -q "$BATS_TEST_TMPDIR" || umount "$BATS_TEST_TMPDIR"
}

# A folder with everything that a runtime might look for; each file says so when it is run.
enter_hostile_folder() {
  cd "$BATS_TEST_TMPDIR"
  echo 'require("node:fs").writeSync(2, "EVIL\n"); process.exit(66);' >evil.js
  printf 'preload = ["./evil.js"]\n[run]\npreload = ["./evil.js"]\n' >bunfig.toml
  printf 'NODE_OPTIONS=--require ./evil.js\nBUN_OPTIONS=--preload ./evil.js\nPATH=/nonexistent\n' >.env
  cp .env .env.local
  cp .env .env.production
  echo '{ "compilerOptions": { "baseUrl": ".", "paths": { "*": ["./evil.js"] } } }' >tsconfig.json
  echo '{ "name": "evil", "type": "commonjs", "main": "./evil.js" }' >package.json
  # What oclif looks for in folders of the user's.
  export HOME=$PWD/home XDG_CONFIG_HOME=$PWD/config XDG_DATA_HOME=$PWD/data XDG_CACHE_HOME=$PWD/cache
  for folder in home/.config config data cache; do
    mkdir -p "$folder/ipvsadm"
    for file in theme.json package.json oclif.manifest.json; do echo '{}' >"$folder/ipvsadm/$file"; done
  done
  for package in netlink netlink/dist @oclif/core chalk cli-table3 node-gyp-build picomatch ts-node typescript; do
    mkdir -p "node_modules/$package"
    cp evil.js "node_modules/$package/index.js"
    cp evil.js "node_modules/$package/raw.js"
  done
}

@test "nothing of the current folder is read or run" {
  enter_hostile_folder
  for ours in "$standalone" "${standalone%/*}/small" "$BATS_TEST_DIRNAME/../lab/bin"; do
    run "$ours/ipvsadm" -Ln
    [ "$status" -eq 0 ]
    [[ $output == "IP Virtual Server version "* ]]
    [[ $output != *EVIL* ]]
    run "$ours/ipvsadm-save" -n
    [ "$status" -eq 0 ]
    [ "$output" = "" ]
    run "$ours/ipvsadm" watch --count 1 --json
    [ "$status" -eq 0 ]
    [[ $output != *EVIL* ]]
  done
}

@test "neither the current folder nor the user's folders are looked into" {
  mount -t tmpfs -o strictatime none "$BATS_TEST_TMPDIR"
  enter_hostile_folder
  find . -exec touch -a -d 2000-01-01 {} +
  for ours in "$standalone" "${standalone%/*}/small" "$BATS_TEST_DIRNAME/../lab/bin"; do
    "$ours/ipvsadm" -Ln >/dev/null
    "$ours/ipvsadm" --help >/dev/null
    "$ours/ipvsadm-save" >/dev/null
    "$ours/ipvsadm-restore" </dev/null
    "$ours/ipvsadm" help >/dev/null
    "$ours/ipvsadm" watch --help >/dev/null
    "$ours/ipvsadm" watch --count 1 >/dev/null
    "$ours/ipvsadm" watch --sort nonsense 2>/dev/null || true
  done
  [ "$(find . -newerat 2001-01-01)" = "" ]
  # A look would be seen: find has looked into the folders, and this looks into a file.
  read -r _ <package.json
  [[ $(find . -newerat 2001-01-01) == *./package.json* ]]
}

@test "NODE_OPTIONS does not concern the executable" {
  enter_hostile_folder
  NODE_OPTIONS="--require ./evil.js" run "$standalone/ipvsadm" -Ln
  [ "$status" -eq 0 ]
  [[ $output != *EVIL* ]]
}

@test "messages name the program as it was called, like the original's" {
  cd "$standalone"
  for name in ./ipvsadm "$standalone/ipvsadm"; do
    run "$name" nonsense
    [ "$status" -eq 255 ]
    [ "$output" = "Try \`$name -h' or '$name --help' for more information." ]
  done
}

@test "the executable knows by its name which of the three programs it is" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  for name in ipvsadm ipvsadm-save ipvsadm-restore; do
    cp --symbolic-link "$standalone/ipvsadm" "$BATS_TEST_TMPDIR/bin/$name"
  done
  PATH=$BATS_TEST_TMPDIR/bin:$PATH
  echo "-A -t 10.0.0.1:80 -s rr" | ipvsadm-restore
  [ "$(ipvsadm-save -n)" = "-A -t 10.0.0.1:80 -s rr" ]
  ipvsadm -C
  [ "$(ipvsadm-save -n)" = "" ]
}

@test "it dies of a broken pipe as C programs do" {
  run bash -c '"$1" -h | true; echo "${PIPESTATUS[0]}"' bash "$standalone/ipvsadm"
  [ "$output" = 141 ]
}

@test "it says what became of output that cannot be written" {
  run bash -c '"$1" -h >/dev/full' bash "$standalone/ipvsadm"
  [ "$status" -eq 1 ]
  [ "$output" = "ipvsadm: write error: No space left on device" ]
}

@test "arguments may be any bytes" {
  run "$standalone/ipvsadm" -A -t $'\xff\xfe:80'
  expected=$(/sbin/ipvsadm -A -t $'\xff\xfe:80' 2>&1) || true
  [ "$output" = "$expected" ]
  run "$standalone/ipvsadm" -L $'\xff'
  [ "$output" = "unexpected argument"$' \xff' ]
}

# With little address space, the runtime fails as it does without memory that is both writable and executable.
@test "where the runtime cannot call libc, help and version work, and everything else says why" {
  for words in --version -h; do
    run bash -c 'ulimit -v 2000000; exec "$@"' bash "$standalone/ipvsadm" "$words"
    [ "$status" -eq 0 ]
    [[ $output == "ipvsadm v1.31 "* ]]
  done
  run bash -c 'ulimit -v 2000000; exec "$@"' bash "$standalone/ipvsadm" -Ln
  [ "$status" -eq 1 ]
  [[ $output == "ipvsadm: this process may have no memory that is both writable and executable"* ]]
  [ "${#lines[@]}" -eq 1 ]
}
