#!/usr/bin/env bash
# The archive for Lambda.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
CARGO_LAMBDA_COMPILER=cargo infra/package.sh "$(uname -m | sed 's/aarch64/arm64/')"
rm -rf "$tools/binaries"
python3 -m zipfile -e infra/packages/local/bootstrap.zip "$tools/binaries"
chmod +x "$tools/binaries/bootstrap"
# A build that aborts on a panic has no such section, and one request would end the process for all others.
readelf -S "$tools/binaries/bootstrap" | grep -q '\.gcc_except_table' || fail 'the binary does not unwind'
