#!/usr/bin/env bash
# fuzz.sh N [SEED [FIRST [TARGET]]]: feeds N hostile inputs to every reader of files, plans and command lines; findings go to fuzz-findings/.
# fuzz.sh replay TARGET FILE: feeds one of them again.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
dotnet build -c Release --nologo -v quiet tests/Acceleration.Fuzz || exit 1

place=$(mktemp)
trap 'rm -f "$place"' EXIT
export ACCELERATION_FUZZ_PLACE=$place
dotnet artifacts/bin/Acceleration.Fuzz/release/Acceleration.Fuzz.dll "$@"
status=$?

# A native error may end the process: the file then still says at which input.
if [ "$status" -gt 3 ] && [ -s "$place" ] && [ "${1:-}" != replay ]; then
  read -r seed number < <(od -A n -t d8 "$place" | tr -s ' \n' ' ')
  echo "The process ended with $status at input $number. Again: eng/fuzz.sh 1 $seed $number ${4:-}"
fi

exit "$status"
