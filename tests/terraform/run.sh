#!/usr/bin/env bash
# Tests the Terraform code without an AWS account: format, validity, its own tests and checkov. Then
# it applies two stacks side by side on an emulator of AWS, plans each again without a difference,
# compares the bill of one with the documents, and destroys both.
#
#   tests/terraform/run.sh
#
# A dummy archive takes the place of the real one, because no function runs here. `terraform`,
# `moto_server`, `checkov` and a `python3` with boto3 have to be on the PATH.
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

# With a plugin folder, Terraform needs no registry.
provider=$(find / -name 'terraform-provider-aws_v5*' -not -path '/proc/*' -print -quit 2> /dev/null || true)
init() {
  if [ -n "$provider" ]; then
    terraform -chdir="$1" init -no-color -plugin-dir="${provider%/registry.terraform.io/*}" > "$work/init.log" 2>&1
  else
    terraform -chdir="$1" init -no-color > "$work/init.log" 2>&1
  fi || { cat "$work/init.log"; fail 'terraform init'; }
}

# Copies only the files that a deployment reads, so that nothing is left in the sources.
copy() {
  mkdir -p "$1/packages/local"
  cp "$root/infra/routes.json" "$root/infra/tables.json" "$1"
  (cd "$root/infra" \
    && tar cf - --exclude .terraform --exclude '*.tfstate*' --exclude '.terraform.lock.hcl' terraform) \
    | tar xf - -C "$1"
  ln -s "$archive" "$1/packages/local/bootstrap.zip"
}

for folder in infra/terraform tests/terraform; do
  terraform fmt -check -recursive -diff "$root/$folder" || fail 'terraform fmt'
done
copy "$work/sources"
checkov -d "$work/sources/terraform" --framework terraform --compact --quiet --skip-download || fail 'checkov'
# The deployment, the module, and the parts that are made once per account.
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

# The emulator has no Service Quotas. This server answers that the account may run 1,000 functions.
quotas=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 -c 'import http.server, json, sys
class Quotas(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        quota = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384", "QuotaName": "Concurrent executions"}
        self.wfile.write(json.dumps({"Quota": quota | {"Value": 1000}}).encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Quotas).serve_forever()' "$quotas" &
background+=($!)

# The staging stack takes its archive from a file, the production stack from a bucket.
AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test python3 -c 'import boto3, sys
boto3.client("s3", "us-east-1", endpoint_url=sys.argv[1]).create_bucket(Bucket="archives")' "http://127.0.0.1:$port"

# Applies one stack, plans it again, and destroys it. Prints the output only after a failure.
stack() {
  local here=$work/$1/terraform log=$work/$1.log
  local with=(-no-color -var-file="$root/tests/terraform/stack.tfvars" -var "name=organizations-$1")
  [ "$1" = staging ] || with+=(-var 'packages_bucket=archives')
  {
    terraform -chdir="$here" apply -auto-approve "${with[@]}" \
      && terraform -chdir="$here" plan -detailed-exitcode "${with[@]}" \
      && terraform -chdir="$here" show -json > "$work/$1.json" \
      && touch "$work/$1.planned" || touch "$work/failed"
    # Neither stack is destroyed before both exist.
    until [ -e "$work/staging.planned" ] && [ -e "$work/production.planned" ] || [ -e "$work/failed" ]; do sleep 0.5; done
    [ -e "$work/$1.planned" ] && terraform -chdir="$here" destroy -auto-approve "${with[@]}"
  } > "$log" 2>&1 || { touch "$work/failed"; tail -n 200 "$log"; return 1; }
  printf '%s: %s; %s; %s\n' "$1" "$(grep -o 'Apply complete.*' "$log")" "$(grep -o 'No changes' "$log")" \
    "$(grep -o 'Destroy complete.*' "$log")"
}

stacks=()
for name in staging production; do
  copy "$work/$name"
  sed -e "s|ENDPOINT|http://127.0.0.1:$port|" -e "s|QUOTAS|http://127.0.0.1:$quotas|" \
    "$root/tests/terraform/emulator_override.tf" > "$work/$name/terraform/emulator_override.tf"
  cp "$root/tests/terraform/module_override.tf" "$work/$name/terraform/organizations"
  init "$work/$name/terraform"
  stack "$name" &
  stacks+=($!)
done
failed=
for pid in "${stacks[@]}"; do wait "$pid" || failed=yes; done
[ -z "$failed" ] || fail 'a stack'
"$root/tests/terraform/bill.py" "$work/staging.json" \
  || fail 'the documents state another bill: correct them, or correct tests/terraform/bill.py'
