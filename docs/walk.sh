#!/usr/bin/env bash
# Runs the commands of a page against a running host, and compares each response with the page, in which
# `…` stands for a value that differs in each run. The default page is README.md.
#
#   docs/walk.sh http://127.0.0.1:9000 [docs/reference/api.md]
set -euo pipefail
url=${1:?usage: docs/walk.sh URL [PAGE]}
page=${2:-README.md}
text=$(cd "$(dirname "$0")/.." && pwd)/$page
cd "$(mktemp -d)"

command='' expected='' steps=0
play() {
  [ -n "$command" ] || return 0
  printf '$ %s\n' "$command"
  eval "$command" > answer.txt
  if [ -n "$expected" ]; then
    answer=$(cat answer.txt)
    # The printed response is a pattern: everything except `…` is literal.
    pattern=$(printf '%s' "$expected" | sed -e 's/[][\.*^$+?(){}|/]/\\&/g' -e 's/…/[^"]+/g')
    if ! printf '%s' "$answer" | grep -Eqx -- "$pattern"; then
      printf 'expected by %s:\n%s\nresponse of the host:\n%s\n' "$page" "$expected" "$answer" >&2
      exit 1
    fi
  fi
  steps=$((steps + 1))
  command='' expected=''
}
while IFS= read -r line; do
  case $line in
    '$ URL='*) play; command="URL=$url" ;;
    '$ '*) play; command=${line#'$ '} ;;
    '```'*) play ;;
    *) expected=$line ;;
  esac
done < <(sed -n '/<!-- walk -->/,/<!-- end of walk -->/p' "$text" | sed -n '/^```console/,/^```$/p')
[ "$steps" -ge 15 ] || { echo "found only $steps steps in $page" >&2; exit 1; }
echo "$page: $steps steps, every response as printed"
