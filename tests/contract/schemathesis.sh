#!/usr/bin/env bash
# Sends valid and invalid requests for the OpenAPI document to a running host, as every kind of caller. Fails if a response is a 5xx or is
# not documented.
#
#   tests/contract/schemathesis.sh http://127.0.0.1:9000
#
# Start the host with `--rate-limits off`. `schemathesis` must be on the PATH.
set -euo pipefail
url=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

token() { curl -sf "$url/local/token" -d "$1" | sed 's/.*"access_token":"\([^"]*\)".*/\1/'; }
person() { token "{\"sub\":\"$1\",\"email\":\"$1@example.com\",\"email_verified\":true,\"name\":\"$1\",\"ttl_seconds\":86400}"; }
api() { curl -sf "$url/v1$2" -H "authorization: Bearer $1" -H 'content-type: application/json' -d "$3"; }
id() { sed "s/^{\"id\":\"\($1_[0-9a-f]*\)\".*/\1/"; }

owner=$(person olga)
service=$(token '{"sub":"svc","scope":"usage:write usage:void usage:backfill orgs:operate access:check billing:read","ttl_seconds":86400}')

# Creates an organization with a member of each role, an invitation and a resource, and uses their ids for the path parameters.
prepare() {
  org=$(api "$owner" /orgs '{"name":"Acme"}' | id org)
  for member in adam:administrator vic:viewer tom:viewer; do
    api "$service" "/orgs/$org/members" "{\"user_id\":\"${member%:*}\",\"email\":\"${member%:*}@example.com\",\"role\":\"${member#*:}\"}" > /dev/null
  done
  {
    printf '[parameters]\n"path.org_id" = "%s"\n"path.user_id" = "tom"\n' "$org"
    printf '"path.invitation_id" = "%s"\n' "$(api "$owner" "/orgs/$org/invitations" '{"email":"guest@example.com"}' | id inv)"
    printf '"path.resource_id" = "%s"\n' "$(api "$owner" "/orgs/$org/resources" '{"kind":"agent","name":"One"}' | id res)"
  } > schemathesis.toml
}

# Runs schemathesis as one caller: run NAME TOKEN [OPTION…]. The options select the operations.
run() {
  local who=$1 token=$2
  shift 2
  printf '%s: ' "$who"
  schemathesis --config-file schemathesis.toml run "$root/infra/openapi.json" --url "$url" --header "Authorization: Bearer $token" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --max-examples 10 --seed 1 --continue-on-failure --warnings off --no-color "$@" > run.log 2>&1 \
    || { tail -n 120 run.log; return 1; }
  grep -E 'generated' run.log
}

# Operations that end the organization or a membership run last, each time in a new organization.
ends=(delete_org leave_org forget_me forget_user remove_member transfer_ownership)
without=() only=()
for operation in "${ends[@]}"; do
  without+=(--exclude-operation-id "$operation")
  only+=(--include-operation-id "$operation")
done
prepare
run 'an owner' "$owner" "${without[@]}"
run 'an administrator' "$(person adam)" "${without[@]}"
run 'a viewer' "$(person vic)" "${without[@]}"
run 'an outsider' "$(person eve)"
run 'a service' "$service" "${without[@]}"
run 'nobody' none
prepare
run 'a service, at the end' "$service" "${only[@]}"
prepare
run 'an owner, at the end' "$owner" "${only[@]}"
