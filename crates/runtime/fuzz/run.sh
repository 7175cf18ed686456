#!/bin/sh
# Runs fuzz targets with the coverage that libFuzzer needs, on a stable toolchain and without cargo-fuzz.
# Usage: run.sh <seconds for each> [target ...]; what it finds is left in artifacts/.
set -eu
cd "$(dirname "$0")"
seconds=$1
shift
[ $# -gt 0 ] || set -- answer error_body path retry_after token_answer object_storage_error time event origin
host=$(rustc -vV | sed -n 's/^host: //p')
passes="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
export RUSTFLAGS="--cfg fuzzing $passes -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
# A target of its own keeps these flags away from build scripts and macros.
cargo build --release --target "$host" --bins
mkdir -p artifacts
for target in "$@"; do
    found=$(mktemp -d)
    "${CARGO_TARGET_DIR:-target}/$host/release/$target" -max_total_time="$seconds" -max_len=4096 -timeout=5 -rss_limit_mb=1024 \
        -artifact_prefix=artifacts/"$target"- -print_final_stats=1 "$found" corpus/"$target"
    rm -r "$found"
done
