#!/usr/bin/env bash
# Tests the archive as Lambda runs it: with the Runtime API, AWS's DynamoDB Local and moto.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
until [ -x "$tools/binaries/bootstrap" ]; do
  [ ! -e "$tools/stages/04-package.failed" ] || fail 'the package is needed'
  sleep 1
done
cargo build --locked --workspace --bin panics
install -D target/debug/panics "$tools/binaries/panics/bootstrap"
moto=$(free_port)
moto_server -H 127.0.0.1 -p "$moto" > "$tools/moto.log" 2>&1 &
background+=($!)
dynamodb_local
until_ready 'moto' curl -s "http://127.0.0.1:$moto/moto-api/"
ORGS_TEST_BINARIES=$tools/binaries ORGS_TEST_MOTO=http://127.0.0.1:$moto ORGS_TEST_DYNAMODB=http://127.0.0.1:$port \
  cargo test --locked --workspace --test front_door lambda:: 2>&1 | tee -a "$log"
