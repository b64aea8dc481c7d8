"""NDJSON: streamed, numbered, plain or gzip."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, cast

import pytest

from cart_fhir.errors import BadSyntax
from cart_fhir.formats import ndjson

TEXT = b'{"a":1.50}\n\n  {"b":2}\r\n[]'
WANTED = [(1, {"a": Decimal("1.50")}), (3, {"b": 2}), (4, [])]


@pytest.mark.parametrize(
    "data",
    [TEXT, gzip.compress(TEXT), gzip.compress(TEXT[:11]) + gzip.compress(TEXT[11:])],
    ids=["plain", "gzip", "gzip of two members"],
)
def test_numbers_of_lines_and_values(data: bytes) -> None:
    assert list(ndjson.read(io.BytesIO(data))) == WANTED
    assert list(ndjson.read(cast("IO[bytes]", OnlyRead(data)))) == WANTED


class OnlyRead:
    """A stream that cannot look ahead, such as an HTTP body."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)
        self.read, self.readline = self._stream.read, self._stream.readline


def test_faults_carry_the_line_of_the_stream() -> None:
    with pytest.raises(BadSyntax, match="too many") as caught:
        list(ndjson.read(io.BytesIO(b'{"a":1}\n{"a":1,}\n')))
    assert (caught.value.line, caught.value.column) == (2, 7)


def test_broken_gzip_is_told() -> None:
    with pytest.raises(BadSyntax, match="gzip"):
        list(ndjson.read(io.BytesIO(gzip.compress(b"{}\n" * 99)[:-8])))


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "MAX_LINE", 1000)
    with pytest.raises(BadSyntax, match="longer"):
        list(ndjson.read(io.BytesIO(gzip.compress(b" " * 5000))))


def test_written_lines_read_back() -> None:
    stream = io.BytesIO()
    resources: list[Any] = [{"value": Decimal("1.50")}, {"text": "a\nb"}]
    assert ndjson.write(resources, stream) == 2
    assert stream.getvalue().count(b"\n") == 2
    stream.seek(0)
    assert [value for _, value in ndjson.read(stream)] == resources


def test_memory_is_constant() -> None:
    def many() -> Iterator[dict[str, Any]]:
        for number in range(20_000):
            yield {"resourceType": "Basic", "id": str(number), "text": "x" * 100}

    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as packed:
        ndjson.write(many(), cast("IO[bytes]", packed))
    stream.seek(0)
    tracemalloc.start()
    assert sum(1 for _ in ndjson.read(stream)) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000
