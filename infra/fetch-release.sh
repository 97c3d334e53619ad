#!/usr/bin/env bash
# Fetches the archive of a release into infra/packages/VERSION, and checks it against the release's checksums and, where `gh` is
# installed, its attestation.
#
#   infra/fetch-release.sh VERSION [arm64|x86_64]
#
# RELEASES is where releases are: the address before /v<VERSION>/<file>.
set -euo pipefail
version=${1:?usage: infra/fetch-release.sh VERSION [arm64|x86_64]}
architecture=${2:-arm64}
: "${RELEASES:?RELEASES is the address of the releases, such as https://github.com/<owner>/<name>/releases/download}"
directory=$(cd "$(dirname "$0")" && pwd)/packages/$version
file=organizations-$version-$architecture.zip
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$file" SHA256SUMS; do
  curl --fail --silent --show-error --location --output "$work/$name" "$RELEASES/v$version/$name"
done
(cd "$work" && grep -F "  $file" SHA256SUMS | sha256sum --check --strict --quiet -) || { echo "the archive is not the one of the release" >&2; exit 1; }
# The checksum comes from the same place as the archive. The attestation says who built it.
unverified() { echo "not verified: the attestation of who built the archive, because $1" >&2; }
if ! [[ $RELEASES =~ ^https://github\.com/([^/]+/[^/]+)/ ]]; then
  unverified "$RELEASES is not on GitHub"
elif ! command -v gh > /dev/null; then
  unverified 'gh (https://cli.github.com) is not installed'
elif ! gh attestation --help > /dev/null 2>&1; then
  unverified 'this version of gh knows no attestations'
elif ! gh auth status > /dev/null 2>&1; then
  unverified 'gh is not logged in: `gh auth login`, or set GH_TOKEN'
else
  repository=${BASH_REMATCH[1]}
  # This version's own release workflow, and no other workflow, branch or tag.
  gh attestation verify "$work/$file" --repo "$repository" --deny-self-hosted-runners \
    --cert-identity "https://github.com/$repository/.github/workflows/release.yml@refs/tags/v$version" > /dev/null \
    || { echo "the archive was not built by the release workflow of $repository for v$version" >&2; exit 1; }
  echo "verified: the release workflow of $repository built the archive for v$version"
fi
mkdir -p "$directory"
cp "$work/$file" "$directory/bootstrap.zip"
echo "infra/packages/$version/bootstrap.zip is $version for $architecture"
