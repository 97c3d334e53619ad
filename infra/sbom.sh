#!/usr/bin/env bash
# Writes the software bill of materials of the archive (CycloneDX 1.5): the crates of the binary, and the
# npm packages of the console.
#
#   infra/sbom.sh FILE
#
# It needs cargo-cyclonedx (`cargo install --locked cargo-cyclonedx`), npm and jq.
set -euo pipefail
file=$(realpath -m "${1:?usage: infra/sbom.sh FILE}")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
# cargo-cyclonedx writes a file for every member of the workspace.
trap 'rm -rf "$work"; find functions policies shared infra tests -name sbom.json -delete' EXIT
cargo cyclonedx --quiet --manifest-path functions/Cargo.toml --no-build-deps --format json --spec-version 1.5 --override-filename sbom
mv functions/sbom.json "$work/crates.json"
# Only the packages in the bundles, which LICENSES.txt lists. `--omit dev` would omit a package that is a development
# dependency of one workspace and a dependency of another.
(cd clients/typescript && npm sbom --package-lock-only --workspace console --sbom-format cyclonedx) \
  | jq --rawfile licenses functions/console/page/LICENSES.txt '
      .components |= map(. as {$name, $version} | select($licenses | contains("\($name) \($version)\n")))
      | .metadata.component.name = "organizations-console"
      | (.components | map(.["bom-ref"])) as $refs
      | .dependencies |= map(select(.ref | IN($refs[])) | .dependsOn |= map(select(IN($refs[]))))
      # The console depends on what no other package here depends on.
      | (.dependencies | map(.dependsOn[])) as $used
      | .dependencies += [{ref: .metadata.component["bom-ref"], dependsOn: ($refs - $used)}]
    ' > "$work/console.json"
jq --slurp '.[0].metadata.component["bom-ref"] as $root | .[1].metadata.component["bom-ref"] as $console | .[0] + {
  components: (.[0].components + [.[1].metadata.component] + .[1].components),
  dependencies: ((.[0].dependencies | map(if .ref == $root then .dependsOn += [$console] else . end)) + .[1].dependencies)
}' "$work/crates.json" "$work/console.json" > "$file"
printf '%s: %s components\n' "$file" "$(jq '.components | length' "$file")"
