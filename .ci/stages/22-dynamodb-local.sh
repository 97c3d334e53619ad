#!/usr/bin/env bash
# Runs the tests on AWS's DynamoDB Local.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
dynamodb_local
ORGS_TEST_DYNAMODB=http://127.0.0.1:$port cargo test --locked --workspace --test front_door -- \
  --skip faults:: --skip architecture:: --skip browser:: 2>&1 | tee -a "$log"
