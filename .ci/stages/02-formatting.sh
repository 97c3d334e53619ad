#!/usr/bin/env bash
# Checks formatting, the workflows, types, and that generated TypeScript and the built console are current.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .ci/lib.sh
for manifest in Cargo.toml policies/proof/Cargo.toml tests/fuzz/Cargo.toml; do cargo fmt --all --manifest-path "$manifest" --check; done
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
zizmor --offline --no-progress --quiet .github/workflows
(cd tests/browser && npx tsc) || fail 'the browser tests do not type-check'
(cd clients/examples/acme && npm run --silent check) || fail 'the sample product does not type-check'
(cd clients/typescript && npm run --silent lint) || fail 'biome complains about the clients, the console, the sample product or the browser tests: (cd clients/typescript && npm run format)'
(cd clients/typescript && npm run --silent generate --workspace client -- "$tools/schema.ts")
diff "$tools/schema.ts" clients/typescript/client/src/schema.ts || fail 'schema.ts is not current: (cd clients/typescript && npm run generate)'
(
  cd clients/python
  PATH=$tools/python-client/bin:$PATH
  ruff format --no-cache --check --quiet && ruff check --no-cache --quiet || fail 'ruff complains about clients/python: ruff format && ruff check --fix'
  cp src/organizations/types.py "$tools/types.py"
  ./generate.sh > /dev/null
)
diff "$tools/types.py" clients/python/src/organizations/types.py || fail 'types.py is not current: clients/python/generate.sh'
rm -rf "$tools/page" && cp -r functions/console/page "$tools/page"
(cd clients/typescript && npm run --silent build)
diff -r "$tools/page" functions/console/page || fail 'functions/console/page is not current: (cd clients/typescript && npm run build)'
