"""ONNX files, written byte by byte: the few messages of its protobuf format that a network needs.

Source: onnx.proto3 of https://github.com/onnx/onnx, whose field numbers stand beside each message below.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

#: Of the format, and of its operators: old enough for every runtime in use.
_IR_VERSION, _OPSET = 8, 17
_FLOAT, _INT64 = 1, 7
_VARINT, _BYTES, _FLOAT32 = 0, 2, 5


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers, as two's complement
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _field(number: int, value: int | float | str | bytes) -> bytes:
    """Return a field of a message: whole numbers as varints, text and messages by their length."""
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | _FLOAT32) + struct.pack("<f", value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _message(*fields: tuple[int, int | float | str | bytes]) -> bytes:
    return b"".join(_field(number, value) for number, value in fields)


class Graph:
    """A computation, node by node, on tensors of single precision, (n_samples, n) each.

    Parameters
    ----------
    input_name : str
    n_inputs : int
    """

    def __init__(self, input_name: str, n_inputs: int) -> None:
        self.input = input_name
        self._n_inputs = n_inputs
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._n_names = 0

    def _name(self) -> str:
        self._n_names += 1
        return f"t{self._n_names}"

    def constant(self, values: np.ndarray | Sequence[float] | float | int) -> str:
        """Return the name of a constant: whole numbers stay so, all others are taken in single precision."""
        array = np.asarray(values)
        is_whole = array.dtype.kind == "i"
        array = np.ascontiguousarray(array, "<i8" if is_whole else "<f4")
        name = self._name()
        dims = [(1, n) for n in np.shape(values)]
        # TensorProto: dims 1, data_type 2, name 8, raw_data 9.
        tensor = _message(*dims, (2, _INT64 if is_whole else _FLOAT), (8, name), (9, array.tobytes()))
        self._constants.append(tensor)
        return name

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: float | int) -> str:
        """Add a node, and return the name of its result."""
        output = output or self._name()
        fields: list[tuple[int, int | float | str | bytes]] = [(1, name) for name in inputs]
        fields += [(2, output), (3, f"node{len(self._nodes)}"), (4, operator)]
        for name, value in attributes.items():
            # AttributeProto: name 1, f 2, i 3, type 20 (1 for a float, 2 for a whole number).
            is_whole = isinstance(value, int)
            fields.append((5, _message((1, name), (3 if is_whole else 2, value), (20, 2 if is_whole else 1))))
        self._nodes.append(_message(*fields))  # NodeProto: input 1, output 2, name 3, op_type 4, attribute 5
        return output

    def to_bytes(self, output: str, n_outputs: int, about: str) -> bytes:
        """Return the file; `output` is the name of what it computes."""
        # GraphProto: node 1, name 2, initializer 5, input 11, output 12.
        graph = _message(
            *((1, node) for node in self._nodes),
            (2, "network"),
            *((5, constant) for constant in self._constants),
            (11, _value(self.input, self._n_inputs)),
            (12, _value(output, n_outputs)),
        )
        # ModelProto: ir_version 1, producer_name 2, doc_string 6, graph 7, opset_import 8 (version 2).
        return _message((1, _IR_VERSION), (2, "nnplay"), (6, about), (7, graph), (8, _message((2, _OPSET))))


def _value(name: str, n: int) -> bytes:
    """Return what is said of an input or output: any number of rows, `n` columns."""
    # TensorShapeProto: dim 1, each with dim_value 1 or dim_param 2; TypeProto.Tensor: elem_type 1, shape 2.
    shape = _message((1, _message((2, "n_samples"))), (1, _message((1, n))))
    tensor = _message((1, _FLOAT), (2, shape))
    return _message((1, name), (2, _message((1, tensor))))
