#!/usr/bin/env bash
# Builds infra/packages/local/<function>/bootstrap.zip for every function, and prints what they weigh as a table in Markdown.
#
#   infra/package.sh [arm64|x86_64]
#
# It needs cargo-lambda (`pip install cargo-lambda`), which brings Zig to build for another processor or another libc than this machine's.
# With CARGO_LAMBDA_COMPILER=cargo it builds for this machine's with no more than Rust.
set -euo pipefail
cd "$(dirname "$0")/.."
architecture=${1:-arm64}
case $architecture in
  arm64) target=(--arm64) ;;
  x86_64) target=(--x86-64) ;;
  *) echo "usage: infra/package.sh [arm64|x86_64]" >&2; exit 2 ;;
esac
# This machine's own needs no target, which would be built in a directory of its own.
if [ "${CARGO_LAMBDA_COMPILER:-}" = cargo ]; then target=(); fi
began=$SECONDS
# Its own optimizations would abort on a panic, which Lambda's runtime is to catch: the profile in Cargo.toml says what is wanted.
cargo lambda build --release --disable-optimizations --locked --workspace --exclude orgs-tests --exclude orgs-probes --exclude orgs-local "${target[@]}" \
  --output-format zip --lambda-dir infra/packages/local
printf '\nbuilt for %s in %s s\n\n' "$architecture" $((SECONDS - began))
echo '| function | package |'
echo '|---|---|'
for package in infra/packages/local/*/bootstrap.zip; do
  name=$(basename "$(dirname "$package")")
  printf '| `%s` | %s KiB |\n' "$name" $(($(wc -c < "$package") / 1024))
done
