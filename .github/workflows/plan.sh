#!/usr/bin/env bash
# Plans STACK at VERSION to infra/terraform/plan, and writes the plan to the summary and its hash to the job's output.
set -euo pipefail
cd "$(dirname "$0")/../../infra/terraform"
printf '%s\n' "$TFVARS" > stack.tfvars
printf 'terraform {\n  backend "s3" {}\n}\n' > backend_override.tf
terraform init -backend-config="bucket=$STATE_BUCKET" -backend-config="key=organizations-$STACK.tfstate" \
  -backend-config="region=$AWS_REGION" -backend-config="use_lockfile=true" -backend-config="encrypt=true"
terraform plan -out plan -var-file=stack.tfvars -var "name=organizations-$STACK" -var "region=$AWS_REGION" -var "release=$VERSION" \
  -var "architecture=$ARCHITECTURE" -var "rollback=$ROLLBACK"
terraform show -no-color plan > plan.txt
{ echo '````'; cat plan.txt; echo '````'; } >> "$GITHUB_STEP_SUMMARY"
printf 'hash=%s\n' "$(sha256sum plan.txt | cut -d ' ' -f 1)" >> "$GITHUB_OUTPUT"
