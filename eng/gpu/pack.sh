#!/usr/bin/env bash
# Tests and benchmarks with .NET but without libtorch, for a GPU machine that has PyTorch and neither network nor SDK: copy the repository with artifacts/gpu there,
# and run the scripts with TORCH=pytorch.
source "$(dirname "${BASH_SOURCE[0]}")/torch.sh"
for project in tests/Acceleration.Tests benchmarks/Acceleration.Benchmarks; do
  dotnet publish -c Release -p:Torch=pytorch --self-contained true -o "artifacts/gpu/$(basename "$project")" "$project"
done
du -sh artifacts/gpu
