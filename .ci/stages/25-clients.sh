#!/usr/bin/env bash
# Tests the clients against the local host, and checks their packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
trap end_background EXIT
local_host
export ORGS_URL=$url

# A release has one version.
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
for file in clients/typescript/client/package.json clients/typescript/react/package.json clients/python/pyproject.toml; do
  grep -qE "^ *\"?version\"?( =|:) \"$version\"" "$file" || fail "$file has another version than Cargo.toml"
done
if grep -hE '"@organizations/[a-z]+": ' clients/typescript/*/package.json | grep -v "\"^$version\""; then
  fail 'the TypeScript packages depend on another version of each other than Cargo.toml has'
fi

# Prints the totals of a client's tests as cargo does. A skipped test is an error, because the host is there.
totals() {
  [ "$1" -gt 0 ] && [ "$2" = 0 ] || fail "$3: $1 tests passed, $2 were skipped"
  printf 'test result: ok. %d passed; 0 failed; 0 ignored\n' "$1" | tee -a "$log"
}

for package in client react; do
  cd "clients/typescript/$package"
  npm run --silent build
  npm run --silent check-package
  npm test --silent > "$tools/client.tap" || { cat "$tools/client.tap"; fail "clients/typescript/$package"; }
  count() { sed -n "s/^# $1 //p" "$tools/client.tap"; }
  totals "$(count pass)" "$(count skipped)" "clients/typescript/$package"
  cd - > /dev/null
done

cd clients/python
"$tools/python-client/bin/mypy" --cache-dir "$tools/mypy"
"$tools/python-client/bin/pytest" -q -p no:cacheprovider --junit-xml "$tools/client.xml" || fail 'clients/python'
count() { sed -n "s/.*<testsuite [^>]*$1=\"\([0-9]*\)\".*/\1/p" "$tools/client.xml"; }
totals "$(count tests)" "$(count skipped)" clients/python
