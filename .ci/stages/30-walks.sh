#!/usr/bin/env bash
# Runs the walks of the documents, and tests the OpenAPI document, against the local host.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
local_host
docs/walk.sh "$url"
docs/walk.sh "$url" docs/reference/api.md
tests/contract/schemathesis.sh "$url"
kill -INT "$host"
wait "$host" || fail 'the host does not end cleanly'
