#!/usr/bin/env bash
# Plays the walk of a page against a running host, and compares each answer with the one that is printed there, in which `…` stands for
# what differs each time. The page is README.md unless it is named, such as docs/reference/api.md.
#
#   docs/walk.sh http://127.0.0.1:9000 [PAGE]
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
    # The printed answer is a pattern: everything is literal but `…`.
    pattern=$(printf '%s' "$expected" | sed -e 's/[][\.*^$+?(){}|/]/\\&/g' -e 's/…/[^"]+/g')
    if ! printf '%s' "$answer" | grep -Eqx -- "$pattern"; then
      printf '%s says:\n%s\nthe host answered:\n%s\n' "$page" "$expected" "$answer" >&2
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
[ "$steps" -ge 15 ] || { echo "only $steps steps were found in $page" >&2; exit 1; }
echo "the walk of $page: $steps steps, every answer as printed"
