"""`_text` and `_content`: kept where the store's URL asks for it, refused by name where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.errors import BadRequest, ConfigError, NotSupported
from cart_fhir.search import parse
from cart_fhir.store.sql import SQLStore

REGISTRY = Registry(guide=False)


def _narrated(id: str, div: str, **more: object) -> dict[str, object]:
    text = {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p class="hidden">{div}</p></div>',
    }
    return {"resourceType": "Patient", "id": id, "text": text, **more}


WARD = [
    _narrated("a", "Infusion on day&nbsp;0, CD19 cells"),
    _narrated("b", "Zweite <b>Infusion</b> &#8211; M&#252;ller", contact=[{"name": {"text": "lupus nephritis"}}]),
    {"resourceType": "Patient", "id": "c", "name": [{"text": "O'Brien's nephritis (lupus) MG-ADL"}]},
]


def _with_words(url: str) -> str:
    return url + ("&" if "?" in url else "?") + "full_text=on"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without words, left so."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cart.db'}"
        return
    found: str = request.getfixturevalue("empty_postgres")
    yield found
    SQLStore(found + ("&" if "?" in found else "?") + "full_text=off", REGISTRY).close()


def _find(store: SQLStore, *pairs: tuple[str, str], type: str | None = "Patient") -> list[str]:
    page = store.search(parse(type, pairs, REGISTRY, full_text=store.full_text))
    return sorted(one.id for one in page.matches)


@pytest.fixture
def ward(url: str) -> Iterator[SQLStore]:
    store = SQLStore(_with_words(url), REGISTRY)
    with store.transaction() as tx:
        for one in WARD:
            tx.update(one)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("code", "value", "wanted"),
    [
        ("_text", "infusion", "ab"), ("_text", "INFUSION day", "a"), ("_text", "infu*", "ab"), ("_text", "infu", ""),
        ("_text", '"day 0"', "a"), ("_text", '"0 day"', ""), ("_text", "day,müller", "ab"), ("_text", "Muller", "b"),
        ("_text", "hidden", ""), ("_text", "xhtml", ""), ("_text", "lupus", ""), ("_content", "lupus", "bc"),
        ("_content", '"lupus nephritis"', "b"), ("_content", "cd19", "a"), ("_content", "mg-adl", "c"),
        ("_content", "o'brien's", "c"), ("_content", "OR", ""), ("_content", "NOT near(", ""), ("_content", "cd*", "a"),
        ("_content", "narrative : day", ""), ("_content", "'day' & 0 |", "a"),
    ],
)  # fmt: skip
def test_finds(ward: SQLStore, code: str, value: str, wanted: str) -> None:
    assert _find(ward, (code, value)) == list(wanted)
    assert _find(ward, (code, value), type=None) == list(wanted)


def test_it_follows_changes(ward: SQLStore) -> None:
    with ward.transaction() as tx:
        tx.update(_narrated("a", "removed"))
        tx.delete("Patient", "b")
    assert _find(ward, ("_text", "infusion")) == []
    assert _find(ward, ("_text", "removed"), ("_id", "a")) == ["a"]
    with ward.transaction() as tx:
        tx.update(_narrated("b", "first"))
        tx.update(_narrated("b", "second"))
    assert (_find(ward, ("_text", "first")), _find(ward, ("_text", "second"))) == ([], ["b"])
    ward.purge("Patient", "b")
    assert _find(ward, ("_text", "second")) == []


@pytest.mark.parametrize("value", ["--", ",", '""'])
def test_no_word_is_refused(value: str) -> None:
    with pytest.raises(BadRequest):
        parse("Patient", [("_text", value)], REGISTRY, full_text=True)


def test_it_is_off_unless_asked_for_and_remembered_then(url: str) -> None:
    store = SQLStore(url, REGISTRY)
    assert not store.full_text
    for code in ("_text", "_content"):
        with pytest.raises(NotSupported):
            _find(store, (code, "infusion"))
    assert parse("Patient", [("_text", "x")], REGISTRY, strict=False).issues
    with store.transaction() as tx:
        tx.update(WARD[0])
    store.close()
    store = SQLStore(_with_words(url), REGISTRY)
    assert store.stale() == ["Patient"]
    assert store.reindex() == 1
    assert _find(store, ("_text", "infusion")) == ["a"]
    store.close()
    store = SQLStore(url, REGISTRY)
    assert store.full_text
    assert store.stale() == []
    store.close()
    store = SQLStore(_with_words(url).replace("full_text=on", "full_text=off"), REGISTRY)
    assert not store.full_text
    assert store.stale() == []
    store.close()


def test_nothing_else_can_be_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        SQLStore(f"sqlite:///{tmp_path / 'cart.db'}?full_text=perhaps", REGISTRY)


def test_erased_words_are_gone_from_the_file(tmp_path: Path) -> None:
    store = SQLStore(f"sqlite:///{tmp_path / 'cart.db'}?full_text=on", REGISTRY)
    with store.transaction() as tx:
        tx.update(WARD[0])
        tx.update(_narrated("x", "Nimmerland"))
    store.purge("Patient", "x")
    assert b"immerland" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert _find(store, ("_text", "infusion")) == ["a"]
    store.close()
