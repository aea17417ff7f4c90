#!/usr/bin/env python3
"""Writes a network as ONNX, with what its sampler must know beside it (config.json, scheduler_config.json).

    export.py samples/Gallery/weights/fashion-dit.safetensors FOLDER      the Gallery's DiT or UNet; --sides for any size of picture, --external to leave the weights where they are
    export.py --random dit|unet|sd3|flux FOLDER                           a tiny one with random weights, and --golden inputs with their output

PyTorch from 1.13 on; no further package. Parameters keep their names and their type: products are in float32.
"""
import argparse
import json
import struct
from pathlib import Path

import torch

from dit import DiT
from external import move_weights
from layers import read_safetensors
from streams import SD3, Flux
from unet import UNet

RANDOM = {
    "dit": lambda: DiT(channels=4, size=16, width=24, depth=4, count=2),
    "unet": lambda: UNet(channels=(8, 16, 16), size=16, head=8, groups=4),
    "sd3": SD3,
    "flux": Flux,
}


def trained(path):
    metadata, tensors = read_safetensors(path)
    network = DiT() if metadata["architecture"] == "DiT" else UNet()
    network = network.half() if next(iter(tensors.values())).dtype == torch.float16 else network
    for buffer in network.buffers():
        buffer.data = buffer.data.float()
    network.load_state_dict(tensors)
    return network


def random(kind, seed=0):
    torch.manual_seed(seed)
    network = RANDOM[kind]()
    for parameter in network.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.7 * parameter[0].numel() ** -0.5)
        else:
            torch.nn.init.normal_(parameter, mean=float(parameter.mean().round()), std=0.1)
    return network


def write_golden(path, network, rows):
    inputs = network.example(rows)
    tensors = dict(zip(network.inputs, inputs), output=network(*inputs))
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": "I64" if tensor.dtype == torch.int64 else "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", help="a checkpoint of the Gallery")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--random", choices=RANDOM)
    parser.add_argument("--fold", action="store_true", help="let PyTorch fold constants, as most exports do; parameters then lose names")
    parser.add_argument("--sides", action="store_true", help="leave height and width open (DiT and UNet)")
    parser.add_argument("--external", action="store_true", help="leave weights in the checkpoint, of which the graph then needs a copy or link beside it")
    parser.add_argument("--golden", action="store_true", help="write golden.safetensors: inputs and their output")
    arguments = parser.parse_args()
    if (arguments.source is None) == (arguments.random is None):
        parser.error("name either a checkpoint or --random")
    if arguments.external and (arguments.source is None or arguments.fold):
        parser.error("--external needs a checkpoint, and its parameters as they are: no --fold")

    network = (random(arguments.random) if arguments.random else trained(arguments.source)).eval()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    shared = ("img_ids", "txt_ids")
    axes = {name: {0: "tokens" if name == "img_ids" else "words"} if name in shared else {0: "rows"} for name in network.inputs}
    if "encoder_hidden_states" in axes:
        axes["encoder_hidden_states"][1] = "words"
    outputs = {0: "rows"}
    if arguments.sides:
        if not isinstance(network, (DiT, UNet)):
            parser.error("--sides is for DiT and UNet")
        network.any_size = True
        for sizes in (axes["sample"], outputs):
            sizes.update({2: "height", 3: "width"})
    torch.onnx.export(
        network, network.example(2), str(arguments.folder / "model.onnx"), opset_version=17, input_names=list(network.inputs), output_names=["out_sample"],
        dynamic_axes={**axes, "out_sample": outputs}, do_constant_folding=arguments.fold, keep_initializers_as_inputs=False)
    if arguments.external:
        move_weights(arguments.folder / "model.onnx", Path(arguments.source))
    (arguments.folder / "config.json").write_text(json.dumps(network.config(), indent=2) + "\n")
    (arguments.folder / "scheduler_config.json").write_text(json.dumps(network.scheduler(), indent=2) + "\n")
    if arguments.golden:
        write_golden(arguments.folder / "golden.safetensors", network, 3)


if __name__ == "__main__":
    main()
