#!/usr/bin/env bash
# The README's tests, with the pages in a browser.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
# A test that cannot run is then a failure.
export ORGS_TEST_BROWSER=required
cargo test --workspace --locked 2>&1 | tee -a "$log"
