# Sourced by the scripts beside it: which libtorch, and where it is found.
#   TORCH=cuda     (default) TorchSharp-cuda-linux, restored by the build
#   TORCH=pytorch  the libtorch of a PyTorch installation, restored by nobody: PYTHON (default python3) has it,
#                  or TORCH_LIB names the folder of libtorch_cpu.so
#   TORCH=cpu      to try the scripts where there is no GPU
#   DEVICE         cuda by default, cpu with TORCH=cpu
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 NO_COLOR=1

TORCH=${TORCH:-cuda}
DEVICE=${DEVICE:-$([ "$TORCH" = cpu ] && echo cpu || echo cuda)}
SUFFIX=$([ "$TORCH" = cpu ] || echo "_$TORCH")

if [ "$TORCH" = pytorch ]; then
  TORCH_LIB=${TORCH_LIB:-$("${PYTHON:-python3}" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')}
  [ -e "$TORCH_LIB/libtorch_cpu.so" ] || { echo "There is no libtorch_cpu.so in '$TORCH_LIB': set TORCH_LIB to the lib folder of a PyTorch installation." >&2; exit 2; }
  # The programs load libtorch by its name alone: the loader finds these, and by their own paths what they need.
  export LD_LIBRARY_PATH="$TORCH_LIB${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi

# program PROJECT: path of what was packed here with a libtorch that fits, or of what is built now.
program() {
  local packed="artifacts/gpu/$1" built="artifacts/bin/$1/release$SUFFIX/$1"
  if [ -x "$packed" ] && { [ "$TORCH" = pytorch ] || [ -e artifacts/gpu/libtorch_$TORCH.so ]; }; then echo "$packed"; return; fi
  dotnet build -c Release -p:Torch="$TORCH" "$2" >&2
  echo "$built"
}
