"""A table of searches and what each must find, read from the specification, over a few resources made for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cart_fhir.server.extension import service_of

from .conftest import Fhir, make_app

HERE = Path(__file__).parent
BASE = "http://localhost/fhir"
CASES = [
    tuple(part.strip() for part in line.split(" =>"))
    for line in (HERE / "search_cases.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fhir]:
    app = make_app(tmp_path_factory.mktemp("cases"))
    fhir = Fhir(app.test_client())
    lines = (HERE / "search_resources.ndjson").read_bytes().splitlines()
    rows = b",".join(b'{"resource":%b,"request":{"method":"PUT","url":"%b"}}' % (line, address(line)) for line in lines)
    answer = fhir.post("", b'{"resourceType":"Bundle","type":"transaction","entry":[%b]}' % rows)
    assert answer.status == 200, answer.text
    yield fhir
    service_of(app).shared.store.close()


def address(line: bytes) -> bytes:
    """`Patient/p1` of a resource whose first two members are its type and id."""
    parts = line.split(b'"', 8)
    return parts[3] + b"/" + parts[7]


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query for query, _ in CASES])
def test_a_search_finds_what_the_specification_says(loaded: Fhir, query: str, expected: str) -> None:
    path, found = query.replace("{base}", BASE), []
    while path:
        page = loaded.get(path)
        if expected.isdigit():
            assert (page.status, bool(page.text)) == (int(expected), True)
            return
        assert page.status == 200, page.text
        found += page.ids
        path = page.link("next").partition("/fhir/")[2]
    if expected.startswith("["):
        assert found == expected.strip("[]").split()
    else:
        assert sorted(found) == sorted(expected.split())
