#!/usr/bin/env bash
# AWS's DynamoDB Local, empty, until it is told to end: tests/dynamodb-local.sh DIRECTORY PORT
#
# It comes from npm into DIRECTORY, and has its data there; without PORT it is only fetched. The suite runs on it with
# `ORGS_TEST_DYNAMODB=http://127.0.0.1:PORT`. It needs Java, npm, curl and Python.
set -euo pipefail
directory=$1 port=${2:-}
mkdir -p "$directory"
cd "$directory"
if [ ! -f package/emulator/DynamoDBLocal.jar ]; then
  # Its licence lets it be used, not passed on: it comes from its package each time.
  npm pack --silent amplify-dynamodb-simulator@2.9.30 > /dev/null
  tar xzf amplify-dynamodb-simulator-2.9.30.tgz
fi
[ -n "$port" ] || exit 0
data=$(mktemp -d "$PWD/data.XXXXXX")
(cd package/emulator && exec java -Xmx1g -XX:+UseSerialGC -Djava.library.path=./DynamoDBLocal_lib \
  -jar DynamoDBLocal.jar -port "$port" -dbPath "$data" -sharedDb -disableTelemetry) &
server=$!
trap 'kill "$server" 2> /dev/null || true; wait "$server" || true; rm -rf "$data"' EXIT
trap 'exit 0' INT TERM

# The first call makes the file.
list_tables() {
  curl --silent --fail "http://127.0.0.1:$port/" --data '{}' \
    --header 'content-type: application/x-amz-json-1.0' --header 'x-amz-target: DynamoDB_20120810.ListTables' \
    --header 'x-amz-date: 20260101T000000Z' \
    --header 'authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'
}
until list_tables > /dev/null; do
  kill -0 "$server" 2> /dev/null || { printf 'DynamoDB Local did not start\n' >&2; exit 1; }
  sleep 0.1
done
# It looks for a stream's records, shards and table without an index, several times in each call, among those of all tables
# that there ever were: what fifty tests leave makes a call take seconds.
python3 - "$data/shared-local-instance.db" << 'PYTHON'
import sqlite3, sys

sqlite3.connect(sys.argv[1]).executescript("""
    CREATE INDEX us_stream ON us(StreamID, SequenceNumber);
    CREATE INDEX us_shard ON us(ShardID, SequenceNumber);
    CREATE INDEX ss_stream ON ss(StreamID, ShardID);
    CREATE INDEX sm_table ON sm(TableName);
""")
PYTHON
printf 'DynamoDB Local listens on http://127.0.0.1:%s\n' "$port"
wait "$server"
