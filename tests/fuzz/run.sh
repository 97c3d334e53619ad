#!/usr/bin/env bash
# Builds the targets and throws at each, for so many seconds, what libFuzzer makes of its corpus: tests/fuzz/run.sh [SECONDS [TARGET…]].
# What it finds lies in target/fuzz/found; the target, built in target/fuzz/<host>/debug, shows it again when it is given the file.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
[ $# -eq 0 ] || shift
# The instrumentation that libFuzzer reads. The compiler's pass for it asks for a nightly one unless it is told that this one will do.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares'
host=$(rustc -vV | sed -n 's/^host: //p')
# With a target, build scripts are not instrumented.
fuzz=(--locked --manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz --target "$host")
# Clippy compiles the targets: it lints on the way, and nothing is built twice.
RUSTC_WORKSPACE_WRAPPER=clippy-driver cargo build "${fuzz[@]}"
binaries=target/fuzz/$host/debug
mkdir -p target/fuzz/found
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' tests/fuzz/Cargo.toml | tail -n +2)
for target in "$@"; do
  # What is new goes to the first directory; what is checked in stays as it is.
  mkdir -p "target/fuzz/corpus/$target"
  if ! "$binaries/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="target/fuzz/found/$target-" "target/fuzz/corpus/$target" "tests/fuzz/corpus/$target" > "target/fuzz/$target.log" 2>&1; then
    tail -n 60 "target/fuzz/$target.log" >&2
    printf 'FAILED: the parser of %s\n' "$target" >&2
    exit 1
  fi
  printf '%s: %s texts, nothing found\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "target/fuzz/$target.log")"
done
