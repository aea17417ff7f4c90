"""Takes the weights out of an ONNX file that has them from a checkpoint, and says where in the checkpoint they are: ONNX's external data, at offsets of a safetensors file.

Protobuf is read and written as numbered fields, of which four messages on the way to the weights matter; everything else stays byte for byte.
"""
import json
import struct

GRAPH, INITIALIZER = 7, 5
NAME, RAW, EXTERNAL, LOCATION = 8, 9, 13, 14
LENGTH_DELIMITED = 2
FIXED = {1: 8, 5: 4}


def number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def encoded(value):
    text = bytearray()
    while value > 0x7F:
        text.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(text) + bytes([value])


def fields(data):
    """(number, content, all its bytes) of each; the content of a plain number is None."""
    at = 0
    while at < len(data):
        start = at
        key, at = number(data, at)
        kind, content = key & 7, None
        if kind == LENGTH_DELIMITED:
            length, at = number(data, at)
            content = data[at:at + length]
            at += length
        elif kind in FIXED:
            at += FIXED[kind]
        else:
            _, at = number(data, at)
        yield key >> 3, content, data[start:at]


def field(key, content):
    return encoded(key << 3 | LENGTH_DELIMITED) + encoded(len(content)) + content


def rewritten(data, key, change):
    """A message, its fields of one number changed."""
    return b"".join(field(key, change(content)) if k == key else whole for k, content, whole in fields(data))


def move_weights(model, checkpoint):
    """Rewrites a model in place. Its weights are found by name, and must have the checkpoint's very bytes."""
    stored = checkpoint.read_bytes()
    (length,) = struct.unpack("<Q", stored[:8])
    header, start = json.loads(stored[8:8 + length]), 8 + length
    moved = set()

    def tensor(data):
        parts = list(fields(data))
        name = next(content for key, content, _ in parts if key == NAME).decode()
        raw = next((content for key, content, _ in parts if key == RAW), None)
        if name not in header:
            return data
        begin, end = header[name]["data_offsets"]
        if raw != stored[start + begin:start + end]:
            raise SystemExit(f"{name} of {model} is not what {checkpoint} has")
        moved.add(name)
        entries = {"location": checkpoint.name, "offset": str(start + begin), "length": str(end - begin)}
        texts = [field(EXTERNAL, field(1, key.encode()) + field(2, value.encode())) for key, value in entries.items()]
        return b"".join(whole for key, _, whole in parts if key != RAW) + b"".join(texts) + encoded(LOCATION << 3) + encoded(1)

    model.write_bytes(rewritten(model.read_bytes(), GRAPH, lambda graph: rewritten(graph, INITIALIZER, tensor)))
    missing = header.keys() - moved - {"__metadata__"}
    if missing:
        raise SystemExit(f"{model} has no weights of these names: {', '.join(sorted(missing))}")
