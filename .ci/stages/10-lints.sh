#!/usr/bin/env bash
# Lints, as errors.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
# The workspaces that later stages build have lock files of their own, which a new dependency of a shared crate makes stale.
for manifest in policies/proof/Cargo.toml tests/fuzz/Cargo.toml; do
  cargo metadata --locked --format-version 1 --manifest-path "$manifest" > /dev/null || fail "$manifest: update its lock file with cargo metadata"
done
cargo clippy --workspace --all-targets --locked -- -D warnings
