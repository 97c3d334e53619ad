#!/usr/bin/env bash
# Builds the archive for Lambda. Its last step, the optimization of the whole program, uses one core.
# Runs beside the stages that follow.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
unset RUSTC_WORKSPACE_WRAPPER
CARGO_LAMBDA_COMPILER=cargo infra/package.sh
rm -rf "$tools/binaries"
python3 -m zipfile -e infra/packages/local/bootstrap.zip "$tools/binaries"
chmod +x "$tools/binaries/bootstrap"
