#!/usr/bin/env bash
# Fetches the packages of a release into infra/packages/VERSION, and checks them against its checksums.
#
#   infra/fetch-release.sh VERSION [arm64|x86_64]
#
# RELEASES is where releases are: the address before /v<VERSION>/<file>.
set -euo pipefail
version=${1:?usage: infra/fetch-release.sh VERSION [arm64|x86_64]}
architecture=${2:-arm64}
: "${RELEASES:?RELEASES is the address of the releases, such as https://github.com/<owner>/<name>/releases/download}"
directory=$(cd "$(dirname "$0")" && pwd)/packages/$version
file=organizations-$version-$architecture.tar.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$file" SHA256SUMS; do
  curl --fail --silent --show-error --location --output "$work/$name" "$RELEASES/v$version/$name"
done
(cd "$work" && grep -F "  $file" SHA256SUMS | sha256sum --check --strict --quiet -) || { echo "the packages are not those of the release" >&2; exit 1; }
mkdir -p "$directory"
tar xzf "$work/$file" -C "$directory"
echo "infra/packages/$version has the packages of $version for $architecture"
