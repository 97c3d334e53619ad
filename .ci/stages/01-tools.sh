#!/usr/bin/env bash
# Installs the packages that the other stages need.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
packages=()
command -v java > /dev/null || packages+=(openjdk-17-jre-headless)
command -v npm > /dev/null || packages+=(npm)
command -v curl > /dev/null || packages+=(curl)
command -v chromium > /dev/null || packages+=(chromium)
command -v gcc > /dev/null || packages+=(gcc libc6-dev)
command -v g++ > /dev/null || packages+=(g++)
command -v cmake > /dev/null || packages+=(cmake)
command -v python3 > /dev/null || packages+=(python3)
python3 -c 'import ensurepip' 2> /dev/null || packages+=(python3-venv)
if [ "${#packages[@]}" -gt 0 ]; then
  sudo=''; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo apt-get install -y -qq "${packages[@]}" || fail "cannot install ${packages[*]}"
fi
rustup component add rustfmt clippy > /dev/null 2>&1 || true
cargo fmt --version && cargo clippy --version || fail 'rustfmt and clippy are needed'
java -version 2>&1 | sed -n 1p
command -v terraform > /dev/null || fail 'terraform is not there, and no package brings it: put it on the PATH (https://developer.hashicorp.com/terraform/install)'
terraform version | sed -n 1p
[ -x "$tools/python/bin/pip" ] || python3 -m venv "$tools/python"
"$tools/python/bin/pip" install --quiet 'moto[server,ses,sns,sqs]==5.2.5' 'checkov==3.3.30' 'cargo-lambda==1.9.2' \
  'check-jsonschema==0.39.0' 'zizmor==1.32.0' 'schemathesis==4.32.5' 'cvc5==1.4.2' \
  || fail 'moto, checkov, cargo-lambda, check-jsonschema, zizmor, schemathesis or cvc5 cannot be had from PyPI'
[ -x "$tools/python-client/bin/pip" ] || python3 -m venv "$tools/python-client"
"$tools/python-client/bin/pip" install --quiet --editable 'clients/python[dev]' || fail "the Python client's packages cannot be had from PyPI"
(cd tests/browser && npm ci --silent --no-audit --no-fund) || fail "the browser tests' packages cannot be had from npm"
(cd clients/typescript && npm ci --silent --no-audit --no-fund --ignore-scripts) || fail "the clients' packages cannot be had from npm"
# The browser tests embed the packages as they are published.
(cd clients/typescript && npm run --silent build --workspace client --workspace react) || fail "the clients' packages do not build"
# The sample product installs these builds.
(cd clients/examples/acme && npm ci --silent --no-audit --no-fund --ignore-scripts) || fail "the sample product's packages cannot be had from npm"
