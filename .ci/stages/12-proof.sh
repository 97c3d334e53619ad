#!/usr/bin/env bash
# The policies, proved by a solver.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
export ORGS_TEST_SOLVER=$tools/python/bin/python
# A workspace of its own in the same place for what is built: most of it is there. Clippy compiles it, and lints on the way.
RUSTC_WORKSPACE_WRAPPER=clippy-driver cargo test --locked --manifest-path policies/proof/Cargo.toml --target-dir target 2>&1 | tee -a "$log"
