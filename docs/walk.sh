#!/usr/bin/env bash
# Plays the walk of README.md against a running host, and compares each answer with the one that is printed there.
# In the README, `…` stands for what differs each time.
#
#   docs/walk.sh http://127.0.0.1:9000
set -euo pipefail
url=${1:?usage: docs/walk.sh URL}
readme=$(cd "$(dirname "$0")/.." && pwd)/README.md
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
      printf 'README.md says:\n%s\nthe host answered:\n%s\n' "$expected" "$answer" >&2
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
done < <(sed -n '/<!-- walk -->/,/<!-- end of walk -->/p' "$readme" | sed -n '/^```console/,/^```$/p')
[ "$steps" -ge 15 ] || { echo "only $steps steps were found in README.md" >&2; exit 1; }
echo "the walk of README.md: $steps steps, every answer as printed"
