#!/usr/bin/env bash
# Runs the walks of the documents, and tests the OpenAPI document, against the local host.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
cargo build --locked --workspace --bin local
rm -f "$tools/host.out"
target/debug/local --memory --addr 127.0.0.1:0 --rate-limits off > "$tools/host.out" 2> "$tools/host.err" &
host=$!
background+=("$host")
until_ready 'the host' grep -q 'listening on' "$tools/host.out"
url=$(sed -n 's/^listening on //p' "$tools/host.out")
docs/walk.sh "$url"
docs/walk.sh "$url" docs/reference/api.md
tests/contract/schemathesis.sh "$url"
kill -INT "$host"
wait "$host" || fail 'the host does not end cleanly'
