#!/usr/bin/env bash
# Tests and benchmarks with .NET but without libtorch, for a GPU machine that has PyTorch and neither network nor SDK: copy the repository and artifacts/gpu.tar.xz there,
# unpack it (tar -xf artifacts/gpu.tar.xz -C artifacts), and run the scripts with TORCH=pytorch. TORCH=cpu packs libtorch too, to try that where there is no GPU.
libtorch=${TORCH:-pytorch}
# Packing needs no PyTorch, which is what TORCH=pytorch looks for.
TORCH=cpu source "$(dirname "${BASH_SOURCE[0]}")/torch.sh"
out=artifacts/gpu
rm -rf "$out" "$out.tar.xz"

# One folder: the programs share nearly all files, and each has its own .deps.json and .runtimeconfig.json.
for project in tests/Acceleration.Tests benchmarks/Acceleration.Benchmarks; do
  dotnet publish -c Release -p:Torch="$libtorch" --self-contained true -o "$out" "$project"
done

# Translations, symbols and documentation: nothing that runs.
find "$out" -mindepth 2 -maxdepth 2 -name '*.resources.dll' -delete
find "$out" -maxdepth 1 -type f \( -name '*.pdb' -o -name '*.xml' \) -delete
find "$out" -mindepth 1 -type d -empty -delete
tar -C artifacts -c gpu | xz -T0 > "$out.tar.xz.partial"
mv "$out.tar.xz.partial" "$out.tar.xz"
du -sh "$out" "$out.tar.xz"
