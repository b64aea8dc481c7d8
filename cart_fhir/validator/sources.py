"""What is to be checked, one resource at a time: files, folders, NDJSON, .gz of either, standard input.

All but standard input, which is one resource, in constant memory.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from cart_fhir.errors import BadRequest, NotFound, TooLarge

_MOST_BYTES = 512 * 1024 * 1024
_ENDINGS = (".json", ".xml", ".ndjson", ".json.gz", ".xml.gz", ".ndjson.gz")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one resource: its file, and its line in an NDJSON stream."""

    path: Path
    data: bytes
    line: int | None = None


def files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, and those with resources in the folders named, in order.

    NotFound for a folder without any: a name mistyped in a script is not to pass as an export without faults.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.rglob("*") if each.is_file() and each.name.endswith(_ENDINGS))
        if not inside:
            raise NotFound(
                f"The folder {path} holds nothing to read.",
                advice="It takes files whose names end in .json, .xml, .ndjson, or these and .gz.",
            )
        found += inside
    return found


def read(path: Path) -> Iterator[Source]:
    """The resources of one file: one, or one per line of NDJSON; `-` is standard input.

    BadRequest or TooLarge when it cannot be read to its end; who calls knows which file that was.
    """
    if str(path) == "-":
        yield Source(path, _whole(sys.stdin.buffer))
        return
    try:
        with _open(path) as stream:
            if _is_lines(path):
                yield from _lines(path, stream)
            else:
                yield Source(path, _whole(stream))
    except (gzip.BadGzipFile, EOFError) as problem:
        raise BadRequest(f"This is not a whole gzip file: {problem}.") from problem
    except OSError as problem:
        raise BadRequest(f"The file cannot be read: {problem.strerror or problem}.") from problem


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _is_lines(path: Path) -> bool:
    return path.name.endswith((".ndjson", ".ndjson.gz"))


def _whole(stream: IO[bytes]) -> bytes:
    data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise TooLarge(f"This is larger than {_MOST_BYTES >> 20} MB.", advice="Split it, or write it as NDJSON.")
    return data


def _lines(path: Path, stream: IO[bytes]) -> Iterator[Source]:
    number = 0
    while line := stream.readline(_MOST_BYTES):
        number += 1
        if line.strip():
            yield Source(path, line, number)
