#!/usr/bin/env bash
# Builds the workspace with clippy as the compiler (see .ci/lib.sh). A warning is an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
# Later stages build workspaces with their own lock files. A new dependency of a shared crate makes them stale.
for manifest in policies/proof/Cargo.toml tests/fuzz/Cargo.toml; do
  cargo metadata --locked --format-version 1 --manifest-path "$manifest" > /dev/null || fail "$manifest: update its lock file with cargo metadata"
done
cargo test --workspace --all-targets --locked --no-run
# The command above builds a binary only as a test, in which unused code can count as used.
cargo build --workspace --bins --locked
