#!/usr/bin/env bash
# The parsers, fuzzed.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
tests/fuzz/run.sh 10
