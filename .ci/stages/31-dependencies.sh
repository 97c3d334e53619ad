#!/usr/bin/env bash
# Checks the dependencies: licenses, sources and bans.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
if ! command -v cargo-deny > /dev/null; then
  # It runs for a second, so an optimized build would take longer than it saves.
  cargo install --debug --quiet --locked --root "$tools" cargo-deny || fail 'cargo-deny cannot be had from crates.io'
fi
for workspace in Cargo.toml policies/proof/Cargo.toml tests/fuzz/Cargo.toml; do
  cargo-deny --manifest-path "$workspace" --config .deny.toml check bans licenses sources
done
