#!/usr/bin/env bash
# Builds infra/packages/local/bootstrap.zip, the one archive that every Lambda function runs.
#
#   infra/package.sh [arm64|x86_64]
#
# It needs cargo-lambda (`pip install cargo-lambda`), which uses Zig to build for another processor or libc.
# With CARGO_LAMBDA_COMPILER=cargo it builds for this machine, and needs only Rust.
set -euo pipefail
cd "$(dirname "$0")/.."
architecture=${1:-arm64}
case $architecture in
  arm64) target=(--arm64) ;;
  x86_64) target=(--x86-64) ;;
  *) echo "usage: infra/package.sh [arm64|x86_64]" >&2; exit 2 ;;
esac
# Without --target, cargo reuses the build directory of this machine's other builds.
if [ "${CARGO_LAMBDA_COMPILER:-}" = cargo ]; then
  target=()
  architecture=$(uname -m | sed 's/aarch64/arm64/')
fi
began=$SECONDS
# cargo-lambda's own optimizations would abort on a panic. The profile in Cargo.toml has the right settings.
cargo lambda build --profile lambda --disable-optimizations --locked --package orgs-functions --bin bootstrap "${target[@]}" \
  --output-format zip --lambda-dir infra/packages/local --flatten bootstrap
archive=infra/packages/local/bootstrap.zip
printf '%s: %s KiB for %s, built in %s s\n' "$archive" $(($(wc -c < "$archive") / 1024)) "$architecture" $((SECONDS - began))
