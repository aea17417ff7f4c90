#!/usr/bin/env bash
# Fills samples/Gallery/results/combinations.jsonl: every decision with every approximation on the sample DiT, some 700 runs, an hour on two quiet processors. Goes on where it was
# stopped; delete the file to begin anew. The chapter of the Gallery draws it: dotnet run -c Release --project samples/Gallery -- --chapter combinations.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet run -c Release --project benchmarks/Acceleration.Benchmarks -- combinations --out samples/Gallery/results/combinations.jsonl "$@"
