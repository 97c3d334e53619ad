#!/usr/bin/env bash
# Proves the Terraform code as far as it can be without an account: format, validity, its own tests, checkov; then two stacks side by side on
# an emulator of AWS: applied, planned again without a difference, destroyed.
#
#   tests/terraform/run.sh
#
# Nothing here runs a function, so a stand-in takes the archive's place. `terraform`, `moto_server`, `checkov` and a
# `python3` with boto3 are on the PATH.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
background=()
cleanup() {
  for pid in "${background[@]}"; do kill "$pid" 2> /dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
archive=$work/bootstrap.zip
python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("bootstrap", "#!/bin/sh\n")' "$archive"
export TF_IN_AUTOMATION=1 TF_INPUT=0 CHECKPOINT_DISABLE=1
fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }

# A plugin folder makes a registry needless.
provider=$(find / -name 'terraform-provider-aws_v5*' -not -path '/proc/*' -print -quit 2> /dev/null || true)
init() {
  if [ -n "$provider" ]; then
    terraform -chdir="$1" init -no-color -plugin-dir="${provider%/registry.terraform.io/*}" > "$work/init.log" 2>&1
  else
    terraform -chdir="$1" init -no-color > "$work/init.log" 2>&1
  fi || { cat "$work/init.log"; fail 'terraform init'; }
}

# A copy, so that nothing is left in the sources. It has what a deployment reads, and no more.
copy() {
  mkdir -p "$1/packages/local"
  cp "$root/infra/routes.json" "$root/infra/tables.json" "$1"
  (cd "$root/infra" && tar cf - --exclude .terraform --exclude '*.tfstate*' --exclude '.terraform.lock.hcl' terraform) | tar xf - -C "$1"
  ln -s "$archive" "$1/packages/local/bootstrap.zip"
}

terraform fmt -check -recursive -diff "$root/infra/terraform" || fail 'terraform fmt'
copy "$work/sources"
checkov -d "$work/sources/terraform" --framework terraform --compact --quiet --skip-download || fail 'checkov'
# The deployment, the module, and what is made once per account.
for part in . organizations mail-identity key ci-role; do
  init "$work/sources/terraform/$part"
  terraform -chdir="$work/sources/terraform/$part" validate -no-color
  with=()
  [ "$part" != organizations ] || with=(-var "packages={path=\"$archive\"}")
  terraform -chdir="$work/sources/terraform/$part" test -no-color "${with[@]}" || fail "terraform test of $part"
done

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
moto_server -H 127.0.0.1 -p "$port" > "$work/moto.log" 2>&1 &
background+=($!)
for _ in $(seq 600); do
  if curl -s "http://127.0.0.1:$port/moto-api/" > /dev/null; then break; fi
  sleep 0.1
done

# The emulator knows no quotas: this says that the account may run 1,000 functions at once.
quotas=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 -c 'import http.server, json, sys
class Quotas(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"Quota": {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384", "QuotaName": "Concurrent executions", "Value": 1000}}).encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Quotas).serve_forever()' "$quotas" &
background+=($!)

# One stack takes its archive from a file, the other one from a bucket.
AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test python3 -c 'import boto3, sys
boto3.client("s3", "us-east-1", endpoint_url=sys.argv[1]).create_bucket(Bucket="archives")' "http://127.0.0.1:$port"

# One stack: applied, planned again, destroyed. Its output is kept, and shown where it fails.
stack() {
  local here=$work/$1/terraform log=$work/$1.log
  local with=(-no-color -var-file="$root/tests/terraform/stack.tfvars" -var "name=organizations-$1")
  [ "$1" = staging ] || with+=(-var 'packages_bucket=archives')
  {
    terraform -chdir="$here" apply -auto-approve "${with[@]}" && terraform -chdir="$here" plan -detailed-exitcode "${with[@]}" \
      && touch "$work/$1.planned" || touch "$work/failed"
    # The others are to see it while it stands.
    until [ -e "$work/staging.planned" ] && [ -e "$work/production.planned" ] || [ -e "$work/failed" ]; do sleep 0.5; done
    [ -e "$work/$1.planned" ] && terraform -chdir="$here" destroy -auto-approve "${with[@]}"
  } > "$log" 2>&1 || { touch "$work/failed"; tail -n 200 "$log"; return 1; }
  printf '%s: %s; %s; %s\n' "$1" "$(grep -o 'Apply complete.*' "$log")" "$(grep -o 'No changes' "$log")" "$(grep -o 'Destroy complete.*' "$log")"
}

stacks=()
for name in staging production; do
  copy "$work/$name"
  sed -e "s|ENDPOINT|http://127.0.0.1:$port|" -e "s|QUOTAS|http://127.0.0.1:$quotas|" "$root/tests/terraform/emulator_override.tf" > "$work/$name/terraform/emulator_override.tf"
  cp "$root/tests/terraform/module_override.tf" "$work/$name/terraform/organizations"
  init "$work/$name/terraform"
  stack "$name" &
  stacks+=($!)
done
failed=
for pid in "${stacks[@]}"; do wait "$pid" || failed=yes; done
[ -z "$failed" ] || fail 'a stack'
