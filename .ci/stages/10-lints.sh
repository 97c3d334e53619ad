#!/usr/bin/env bash
# Lints, as errors.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
cargo clippy --workspace --all-targets --locked -- -D warnings
