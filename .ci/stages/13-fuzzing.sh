#!/usr/bin/env bash
# Fuzzes the parsers.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
tests/fuzz/run.sh 10
