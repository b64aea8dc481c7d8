"""Reads the regular files of a .tgz as it streams, and refuses an archive that holds anything else.

FHIR packages are gzipped tars of plain files (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
A reader this small needs no trust in the archive: nothing is unpacked to disk, links and devices end the reading, and
every length is bounded before it is read. The formats understood are ustar, pax and GNU long names (POSIX.1-2001 pax).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from cart_fhir.errors import BadRequest, BadSyntax, TooLarge

_BLOCK = 512
_LONGEST_NAME = 16_384
_FILE, _FOLDER, _PAX, _PAX_GLOBAL, _GNU_NAME = (b"0", b"\0"), b"5", b"x", b"g", b"L"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: bytes unpacked in all, bytes in one file, number of members."""

    total: int = 512 * 1024 * 1024
    file: int = 64 * 1024 * 1024
    members: int = 100_000


def read_files(path: Path, limits: Limits = Limits()) -> Iterator[tuple[str, bytes]]:
    """The (name, content) of each regular file in a .tgz, in the order of the archive.

    Raises BadSyntax when it is damaged, BadRequest for links, devices, names that lead elsewhere and names given twice,
    TooLarge beyond the limits.
    """
    try:
        with gzip.open(path) as stream:
            yield from _members(cast(BinaryIO, stream), path.name, limits)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadSyntax(f"{path.name} is damaged or no .tgz: {error}.") from error


def _members(stream: BinaryIO, archive: str, limits: Limits) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    total = members = 0
    name, size_told = "", None
    while True:
        header = _exactly(stream, _BLOCK, archive)
        if header == bytes(_BLOCK):
            return
        members += 1
        kind, size = header[156:157], size_told
        if size is None:
            size = _number(header[124:136], archive)
        total += size
        if members > limits.members or total > limits.total:
            raise TooLarge(f"{archive} holds more than is read from one package.")
        if _checksum(header) != _number(header[148:156], archive):
            raise BadSyntax(f"{archive} is damaged: a member's header does not add up.")
        if kind in (_PAX, _PAX_GLOBAL, _GNU_NAME):
            text = _content(stream, size, _LONGEST_NAME, archive)
            if kind == _PAX:
                name, size_told = _pax(text, archive)
            elif kind == _GNU_NAME:
                name = _text(text.rstrip(b"\0"), archive)
            continue
        name = name or _plain_name(header, archive)
        if kind == _FOLDER:
            _content(stream, size, 0, archive)
        elif kind in _FILE:
            yield _checked(name, seen, archive), _content(stream, size, limits.file, archive)
        else:
            raise BadRequest(f"{archive} is refused: '{name[:80]}' in it is a link or a device, not a file.")
        name, size_told = "", None


def _checked(name: str, seen: set[str], archive: str) -> str:
    """The name, when it stays inside the package and was not given before (nor in other letter case)."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name or not name.isprintable():
        raise BadRequest(f"{archive} is refused: the name '{name[:80]}' in it leads outside the package.")
    clean = "/".join(parts)
    if clean.casefold() in seen:
        raise BadRequest(f"{archive} is refused: it holds '{clean[:80]}' twice.")
    seen.add(clean.casefold())
    return clean


def _content(stream: BinaryIO, size: int, most: int, archive: str) -> bytes:
    if size > most:
        raise TooLarge(f"{archive} holds a member of {size:,} bytes; at most {most:,} are read.")
    padded = -(-size // _BLOCK) * _BLOCK
    return _exactly(stream, padded, archive)[:size]


def _exactly(stream: BinaryIO, size: int, archive: str) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise BadSyntax(f"{archive} ends too early.")
    return data


def _number(field: bytes, archive: str) -> int:
    digits = field.strip(b" \0")
    if any(digit not in b"01234567" for digit in digits):
        raise BadSyntax(f"{archive} is damaged: a length is no number.")
    return int(digits or b"0", 8)


def _checksum(header: bytes) -> int:
    return sum(header[:148]) + 8 * ord(" ") + sum(header[156:])


def _plain_name(header: bytes, archive: str) -> str:
    name, prefix = header[:100].partition(b"\0")[0], header[345:500].partition(b"\0")[0]
    is_ustar = header[257:263] == b"ustar\0"
    return _text(prefix + b"/" + name if is_ustar and prefix else name, archive)


def _pax(text: bytes, archive: str) -> tuple[str, int | None]:
    """The `path` and `size` of a pax header: records of "length key=value" and a line feed."""
    name, size, at = "", None, 0
    while at < len(text):
        digits, _, _ = text[at : at + 8].partition(b" ")
        if not digits.isdigit() or not len(digits) < int(digits) <= len(text) - at:
            raise BadSyntax(f"{archive} is damaged: a pax header is malformed.")
        key, _, value = text[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        if key == b"path":
            name = _text(value, archive)
        elif key == b"size":
            if not value.isdigit() or len(value) > 12:
                raise BadSyntax(f"{archive} is damaged: a length is no number.")
            size = int(value)
        at += int(digits)
    return name, size


def _text(data: bytes, archive: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadSyntax(f"{archive} is damaged: a file name in it is not UTF-8.") from error
