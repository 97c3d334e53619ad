#!/usr/bin/env bash
# Runs the tests of the workspace, with the pages in a browser.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
# Without a browser, the tests fail instead of being skipped.
export ORGS_TEST_BROWSER=required
cargo test --workspace --locked 2>&1 | tee -a "$log"
