# Functions and variables of the stages. Source it in the root of the repository.
tools=${CI_TOOLS:-$PWD/target/ci-tools}
mkdir -p "$tools"
log=$tools/tests.log
export PATH=$tools/python/bin:$tools/bin:$PATH
# Incremental builds and debug information cost time and a third of the disk, and CI needs neither.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
# Clippy compiles the workspace's own crates, so that the lints need no second build of the dependencies. It generates the same
# code as rustc, without some optimizations; the package is built by rustc.
export RUSTC_WORKSPACE_WRAPPER=$PWD/.ci/clippy

fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }

# The processes to end at the end of the stage.
background=()
end_background() { for pid in "${background[@]}"; do kill "$pid" 2> /dev/null || true; done; }

# Waits up to a minute until a command succeeds.
until_ready() {
  local what=$1; shift
  for _ in $(seq 600); do
    if "$@" > /dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  fail "$what did not start"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Starts an empty DynamoDB Local at $port.
dynamodb_local() {
  tests/dynamodb-local.sh "$tools/dynamodb-local" || fail "AWS's DynamoDB Local cannot be had from npm"
  port=$(free_port)
  rm -f "$tools/dynamodb-local.log"
  tests/dynamodb-local.sh "$tools/dynamodb-local" "$port" > "$tools/dynamodb-local.log" 2>&1 &
  background+=($!)
  until_ready 'DynamoDB Local' grep -q 'listens on' "$tools/dynamodb-local.log"
}

# Starts the local host at $url. Its process id is $host.
local_host() {
  cargo build --locked --workspace --bin local
  rm -f "$tools/host.out"
  target/debug/local --memory --addr 127.0.0.1:0 --rate-limits off > "$tools/host.out" 2> "$tools/host.err" &
  host=$!
  background+=("$host")
  until_ready 'the host' grep -q 'listening on' "$tools/host.out"
  url=$(sed -n 's/^listening on //p' "$tools/host.out")
}

# Prints the number of passed, failed and ignored tests of all stages.
summary() {
  grep -E '^test result' "$log" | awk '{passed += $4; failed += $6; ignored += $8} END {
    printf "test result: %s. %d passed; %d failed; %d ignored\n", failed ? "FAILED" : "ok", passed, failed, ignored; exit failed > 0 }'
}
