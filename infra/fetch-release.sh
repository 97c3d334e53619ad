#!/usr/bin/env bash
# Downloads the archive of a release to infra/packages/VERSION. Verifies its checksum and, if `gh` is
# installed, its attestation.
#
#   infra/fetch-release.sh VERSION [arm64|x86_64]
#
# RELEASES is the URL of the releases, without /v<VERSION>/<file>.
set -euo pipefail
version=${1:?usage: infra/fetch-release.sh VERSION [arm64|x86_64]}
architecture=${2:-arm64}
: "${RELEASES:?set RELEASES to the URL of the releases, such as https://github.com/<owner>/<name>/releases/download}"
directory=$(cd "$(dirname "$0")" && pwd)/packages/$version
file=organizations-$version-$architecture.zip
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$file" SHA256SUMS; do
  curl --fail --silent --show-error --location --output "$work/$name" "$RELEASES/v$version/$name"
done
(cd "$work" && grep -F "  $file" SHA256SUMS | sha256sum --check --strict --quiet -) \
  || { echo "the archive does not match the release's checksum" >&2; exit 1; }
# The checksum comes from the same place as the archive. The attestation proves who built the archive.
unverified() { echo "the archive's attestation was not verified: $1" >&2; }
if ! [[ $RELEASES =~ ^https://github\.com/([^/]+/[^/]+)/ ]]; then
  unverified "$RELEASES is not on GitHub"
elif ! command -v gh > /dev/null; then
  unverified 'gh (https://cli.github.com) is not installed'
elif ! gh attestation --help > /dev/null 2>&1; then
  unverified 'this version of gh does not support attestations'
elif ! gh auth status > /dev/null 2>&1; then
  unverified 'gh is not logged in: `gh auth login`, or set GH_TOKEN'
else
  repository=${BASH_REMATCH[1]}
  # Accepts only the release workflow of this version's tag.
  gh attestation verify "$work/$file" --repo "$repository" --deny-self-hosted-runners \
    --cert-identity "https://github.com/$repository/.github/workflows/release.yml@refs/tags/v$version" > /dev/null \
    || { echo "the release workflow of $repository for v$version did not build this archive" >&2; exit 1; }
  echo "verified: the release workflow of $repository built the archive for v$version"
fi
mkdir -p "$directory"
cp "$work/$file" "$directory/bootstrap.zip"
echo "infra/packages/$version/bootstrap.zip: version $version for $architecture"
