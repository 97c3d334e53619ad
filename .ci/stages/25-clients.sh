#!/usr/bin/env bash
# Tests the clients against the local host, and checks their packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
local_host
export ORGS_URL=$url
cd clients/typescript/client
npm run --silent build
npm run --silent check-package
npm test --silent > "$tools/client.tap" || { cat "$tools/client.tap"; fail "the tests of clients/typescript/client"; }
awk '/^# (pass|fail|skipped) / {n[$2] = $3} END {
  printf "test result: ok. %d passed; %d failed; %d ignored\n", n["pass"], n["fail"], n["skipped"]; exit n["pass"] == 0 || n["skipped"] > 0 }' \
  "$tools/client.tap" | tee -a "$log"
