"""NDJSON, one resource a line, plain or gzip, in constant memory. https://hl7.org/fhir/R4/nd-json.html"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import json

MAX_LINE = 64 << 20
"""Bytes of one line, unpacked: a limit for streams without line ends and for gzip bombs."""

_GZIP = b"\x1f\x8b"


def lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, text) of every line that is not blank; a gzip stream is unpacked as it comes.

    The stream stays open. Raises BadSyntax with the line for one over 64 MB and for broken gzip data.
    """
    number = 0
    try:
        source = _unpacked(stream)
        while line := source.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise BadSyntax(f"Line {number} is longer than {MAX_LINE >> 20} MB.", line=number, column=1)
            text = line.strip(b" \t\r\n")
            if text:
                yield number, text
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        raise BadSyntax(
            f"The gzip data end or break after line {number}: {error}.", line=number + 1, column=1
        ) from error


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    buffered = stream if hasattr(stream, "peek") else _Peekable(stream)
    start: bytes = buffered.peek(2)[:2]
    seen = cast("IO[bytes]", buffered)
    return cast("IO[bytes]", gzip.GzipFile(fileobj=seen)) if start == _GZIP else seen


class _Peekable:
    """Gives a stream that cannot look ahead the two bytes of foresight needed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._ahead = b""

    def peek(self, size: int) -> bytes:
        while len(self._ahead) < size and (more := self._stream.read(size - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        ahead, self._ahead = (self._ahead, b"") if size < 0 else (self._ahead[:size], self._ahead[size:])
        rest = self._stream.read(size if size < 0 else size - len(ahead)) if size < 0 or len(ahead) < size else b""
        return ahead + rest

    def readline(self, size: int) -> bytes:
        ahead, self._ahead = self._ahead, b""
        if b"\n" in ahead:
            line, end, self._ahead = ahead.partition(b"\n")
            return line + end
        return ahead + self._stream.readline(size - len(ahead))


def read(stream: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """(line number from 1, value) of every line; BadSyntax carries the line's number in the stream."""
    for number, text in lines(stream):
        try:
            yield number, json.loads(text)
        except BadSyntax as error:
            raise BadSyntax(error.message, line=number, column=error.column, advice=error.advice) from error


def write(resources: Iterable[Any], stream: IO[bytes]) -> int:
    """Write each resource on its own line; how many there were."""
    count = 0
    for resource in resources:
        stream.write(json.dumps(resource) + b"\n")
        count += 1
    return count
