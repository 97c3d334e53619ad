#!/usr/bin/env bash
# Writes src/organizations/types.py from infra/openapi.json. The formatter reads its settings from pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")"
datamodel-codegen --input ../../infra/openapi.json --input-file-type openapi --output src/organizations/types.py \
  --output-model-type typing.TypedDict --target-python-version 3.10 --use-schema-description --use-field-description \
  --disable-timestamp --use-union-operator --use-standard-collections --no-use-closed-typed-dict --formatters ruff-format
