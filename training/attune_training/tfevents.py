"""TensorBoard event files without TensorBoard: TFRecord frames around hand-written Event messages.

Formats: tensorflow/core/lib/io/record_writer.h (length, masked CRC-32C, data, masked CRC-32C) and core/util/event.proto.
"""

import struct
import time
from pathlib import Path


class EventWriter:
    """Scalars by step, in one events.out.tfevents file of `folder`."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / f"events.out.tfevents.{time.time_ns()}.attune").open("ab")
        self._write(_field(3, 2, b"brain.Event:2"))

    def scalars(self, step: int, values: dict[str, float]) -> None:
        summary = b"".join(_field(1, 2, _field(1, 2, tag.encode()) + _field(2, 5, struct.pack("<f", value))) for tag, value in values.items())
        self._write(_field(2, 0, _varint(step)) + _field(5, 2, summary))
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def _write(self, rest: bytes) -> None:
        event = _field(1, 1, struct.pack("<d", time.time())) + rest
        length = struct.pack("<Q", len(event))
        self._file.write(length + _masked_crc(length) + event + _masked_crc(event))


def _field(number: int, wire: int, value: bytes) -> bytes:
    """A protocol-buffer field; wire 0 varint, 1 eight bytes, 2 with length, 5 four bytes."""
    return _varint(number << 3 | wire) + (_varint(len(value)) if wire == 2 else b"") + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _table() -> list[int]:
    """CRC-32C (Castagnoli), reflected polynomial 0x82F63B78."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()


def _masked_crc(data: bytes) -> bytes:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
