#!/usr/bin/env bash
# Builds the fuzz targets and runs each for SECONDS (default: 10), starting from its corpus: tests/fuzz/run.sh [SECONDS [TARGET…]].
# Failing inputs are written to target/fuzz/found. To reproduce a failure, run the target in target/fuzz/<host>/debug with the file.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-10}
[ $# -eq 0 ] || shift
# The instrumentation for libFuzzer. Its compiler pass needs a nightly compiler, or RUSTC_BOOTSTRAP with a stable one.
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares'
host=$(rustc -vV | sed -n 's/^host: //p')
# With an explicit --target, cargo does not instrument build scripts.
fuzz=(--locked --manifest-path tests/fuzz/Cargo.toml --target-dir target/fuzz --target "$host")
# Clippy compiles the targets, so that linting needs no second build.
RUSTC_WORKSPACE_WRAPPER=clippy-driver cargo build "${fuzz[@]}"
binaries=target/fuzz/$host/debug
mkdir -p target/fuzz/found
[ $# -gt 0 ] || set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' tests/fuzz/Cargo.toml | tail -n +2)
for target in "$@"; do
  # libFuzzer writes new inputs to the first directory only, so the checked-in corpus does not change.
  mkdir -p "target/fuzz/corpus/$target"
  if ! "$binaries/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
    -artifact_prefix="target/fuzz/found/$target-" "target/fuzz/corpus/$target" "tests/fuzz/corpus/$target" > "target/fuzz/$target.log" 2>&1; then
    tail -n 60 "target/fuzz/$target.log" >&2
    printf 'FAILED: the fuzz target %s\n' "$target" >&2
    exit 1
  fi
  printf '%s: %s inputs, no failure\n' "$target" "$(sed -n 's/^stat::number_of_executed_units: *//p' "target/fuzz/$target.log")"
done
