#!/usr/bin/env bash
# DiT-XL/2-, FLUX- and Wan-sized networks of random weights in bfloat16 against PyTorch, eager and compiled.
# First tiny ones, as a proof that both sides compute the same. Options of the `networks` benchmark may follow, such as --networks dit.
source "$(dirname "${BASH_SOURCE[0]}")/torch.sh"
benchmarks=$(program Acceleration.Benchmarks benchmarks/Acceleration.Benchmarks)
results=${RESULTS:-artifacts/gpu-results}
mkdir -p "$results"
{
  if [ "$DEVICE" != cpu ] && command -v nvidia-smi > /dev/null; then
    nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv,noheader
  fi
  "$benchmarks" networks --device "$DEVICE" --scale tiny --rounds 2 --dtype float32
  if [ "$DEVICE" != cpu ]; then
    "$benchmarks" networks --device "$DEVICE" "$@"
  fi
} | tee "$results/networks.txt"
