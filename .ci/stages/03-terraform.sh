#!/usr/bin/env bash
# Tests the Terraform code, and two stacks on an emulator of AWS.
# Runs beside the stages that follow.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
tests/terraform/run.sh
