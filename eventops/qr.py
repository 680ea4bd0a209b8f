"""Knows how a ticket code becomes a QR symbol: a vector drawing for pages, a tiny picture for many on paper."""

import re
import struct
import zlib
from functools import cache

from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import QRData

QUIET_ZONE = 4
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]{1,300}")
_DARK = re.compile(rb"\x01+")
_WHITE_FOR_LIGHT = bytes.maketrans(b"\x00\x01", b"10")
_STRENGTHS = (ERROR_CORRECT_H, ERROR_CORRECT_Q, ERROR_CORRECT_M)
_MASK = 2  # trying all eight masks takes five times as long and scanners read each of them


class PayloadError(ValueError):
    """The text is empty, too long or outside the QR alphanumeric set (capital letters, digits, $%*+-./:)."""


def svg(payload: str, *, label: str) -> Markup:
    """For a page as it is; for Typst as `image(bytes(...))`. The quiet zone is part of the drawing."""
    modules = _modules(payload)
    side = len(modules) + 2 * QUIET_ZONE
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}"'
        ' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        '<path fill="#000" d="{path}"/></svg>'
    ).format(side=side, label=escape(label), path=_path(modules))


def png(payload: str) -> bytes:
    """One pixel for each module, quiet zone included: a tenth of the size of the drawing."""
    modules = _modules(payload)
    side = len(modules) + 2 * QUIET_ZONE
    margin = bytes(QUIET_ZONE)
    rows = [bytes(side)] * QUIET_ZONE + [margin + row + margin for row in modules] + [bytes(side)] * QUIET_ZONE
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    lines = b"".join(b"\0" + _bits(row) for row in rows)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _bits(row: bytes) -> bytes:
    """Eight modules in a byte; a set bit is white, and what fills the last byte is not seen."""
    width = -(-len(row) // 8) * 8
    bits = row.translate(_WHITE_FOR_LIGHT).ljust(width, b"1")
    return int(bits, 2).to_bytes(width // 8)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _modules(payload: str) -> list[bytes]:
    if not _ALPHANUMERIC.fullmatch(payload):
        raise PayloadError(payload)
    version, strength = _shape(len(payload), are_digits=payload.isdecimal())
    symbol = QRCode(version=version, error_correction=strength, border=0, mask_pattern=_MASK)
    symbol.add_data(QRData(payload))
    symbol.make(fit=False)
    return [bytes(map(bool, row)) for row in symbol.get_matrix()]


@cache
def _shape(length: int, *, are_digits: bool) -> tuple[int, int]:
    """The smallest symbol for as many characters, and the strongest correction that it holds at no cost in size."""
    alike = ("0" if are_digits else "A") * length
    versions = {strength: _version(alike, strength) for strength in _STRENGTHS}
    smallest = versions[ERROR_CORRECT_M]
    return smallest, next(strength for strength, version in versions.items() if version == smallest)


def _version(payload: str, strength: int) -> int:
    symbol = QRCode(error_correction=strength)
    symbol.add_data(QRData(payload))
    return int(symbol.best_fit())


def _path(modules: list[bytes]) -> str:
    """Runs of dark modules, each one rectangle of the height of a row."""
    return "".join(
        f"M{run.start() + QUIET_ZONE} {y + QUIET_ZONE}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(modules)
        for run in _DARK.finditer(row)
    )
