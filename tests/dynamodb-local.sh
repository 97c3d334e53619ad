#!/usr/bin/env bash
# Runs an empty AWS DynamoDB Local until it gets SIGINT or SIGTERM: tests/dynamodb-local.sh DIRECTORY [PORT]
#
# Downloads it from npm to DIRECTORY, and keeps its data there. Without PORT, the script only downloads it. To run the suite on it,
# set `ORGS_TEST_DYNAMODB=http://127.0.0.1:PORT`. Needs Java, npm, curl and Python.
set -euo pipefail
directory=$1 port=${2:-}
mkdir -p "$directory"
cd "$directory"
if [ ! -f package/emulator/DynamoDBLocal.jar ]; then
  # The license allows use but not redistribution, so the script downloads the package.
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

# The first call creates the database file.
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
# DynamoDB Local searches the stream records and shards of all current and former tables without an index, several times in
# each call. After about fifty tests, a call would take seconds.
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
