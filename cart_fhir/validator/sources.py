"""What is to be checked, one resource at a time: files, folders, NDJSON and .gz of either, in constant memory."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from cart_fhir.errors import BadRequest, TooLarge

_MOST_BYTES = 512 * 1024 * 1024
_ENDINGS = (".json", ".xml", ".ndjson", ".json.gz", ".xml.gz", ".ndjson.gz")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one resource: its file, and its line in an NDJSON stream."""

    path: Path
    data: bytes
    line: int | None = None


def files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and those with resources in the folders named, in order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(each for each in path.rglob("*") if each.is_file() and each.name.endswith(_ENDINGS))
        else:
            found.append(path)
    return found


def read(path: Path) -> Iterator[Source]:
    """The resources of one file: one, or one per line of NDJSON."""
    try:
        with _open(path) as stream:
            if _is_lines(path):
                yield from _lines(path, stream)
            else:
                yield Source(path, _whole(path, stream))
    except (gzip.BadGzipFile, EOFError) as problem:
        raise BadRequest(f"{path} is not a whole gzip file: {problem}.") from problem
    except OSError as problem:
        raise BadRequest(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _is_lines(path: Path) -> bool:
    return path.name.endswith((".ndjson", ".ndjson.gz"))


def _whole(path: Path, stream: IO[bytes]) -> bytes:
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise TooLarge(f"{path} holds more than {_MOST_BYTES} bytes; split it, or write it as NDJSON.")
    return data


def _lines(path: Path, stream: IO[bytes]) -> Iterator[Source]:
    number = 0
    while line := stream.readline(_MOST_BYTES):
        number += 1
        if line.strip():
            yield Source(path, line, number)
