#!/usr/bin/env bash
# Proves the policies with a solver.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
export ORGS_TEST_SOLVER=$tools/python/bin/python
# The proof is a separate workspace. It shares the target directory, so most crates are already built.
cargo test --locked --manifest-path policies/proof/Cargo.toml --target-dir target 2>&1 | tee -a "$log"
