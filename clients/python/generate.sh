#!/usr/bin/env bash
# Writes src/organizations/types.py, or FILE, from infra/openapi.json: clients/python/generate.sh [FILE]
set -euo pipefail
cd "$(dirname "$0")"
datamodel-codegen --input ../../infra/openapi.json --input-file-type openapi --output "${1:-src/organizations/types.py}" \
  --output-model-type typing.TypedDict --target-python-version 3.10 --use-schema-description --use-field-description \
  --disable-timestamp --use-union-operator --use-standard-collections --no-use-closed-typed-dict --formatters ruff-format
