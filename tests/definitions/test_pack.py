"""Packs: what was written is read, one record at a time, and the shipped pack is whole."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cart_fhir.definitions.canonical import choose, split, version_key
from cart_fhir.definitions.pack import Pack, write, write_resources

R4 = Path(__file__).parents[2] / "cart_fhir/definitions/data/r4.pack"


def test_what_was_written_is_read(tmp_path: Path) -> None:
    resources = [
        {"resourceType": "ValueSet", "url": "urn:b", "version": "1", "note": "ü"},
        {
            "resourceType": "StructureDefinition",
            "url": "urn:a",
            "kind": "resource",
            "type": "X",
            "min": Decimal("1.50"),
        },
    ]
    path = tmp_path / "a.pack"
    write_resources(path, resources)
    pack = Pack(path)
    assert [(entry.resource_type, entry.url, entry.version) for entry in pack.entries] == [
        ("StructureDefinition", "urn:a", ""),
        ("ValueSet", "urn:b", "1"),
    ]
    assert pack.entries[0].facts == {"kind": "resource", "type": "X"}
    assert [pack.read(entry.record) for entry in pack.entries] == [resources[1], resources[0]]
    assert str(pack.read(0)["min"]) == "1.50"


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    resources = [{"resourceType": "ValueSet", "url": f"urn:{letter}"} for letter in "cab"]
    write_resources(tmp_path / "one.pack", resources)
    write_resources(tmp_path / "two.pack", reversed(resources))
    assert (tmp_path / "one.pack").read_bytes() == (tmp_path / "two.pack").read_bytes()


def test_records_share_a_dictionary(tmp_path: Path) -> None:
    text = " ".join(str(number * number) for number in range(100))
    records = [([text, number], [("ValueSet", f"urn:{number}", "", {})]) for number in range(20)]
    write(tmp_path / "with.pack", records, text.encode())
    write(tmp_path / "without.pack", records)
    assert Pack(tmp_path / "with.pack").read(7) == [text, 7]
    assert (tmp_path / "with.pack").stat().st_size < (tmp_path / "without.pack").stat().st_size


def test_another_file_is_no_pack(tmp_path: Path) -> None:
    path = tmp_path / "a.pack"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="not a pack"):
        Pack(path).entries  # noqa: B018 -- reading the property is the test


def test_the_shipped_pack_is_whole() -> None:
    pack = Pack(R4)
    kinds = [entry.resource_type for entry in pack.entries]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "StructureDefinition": 655,
        "ValueSet": 1316,
        "CodeSystem": 1062,
        "SearchParameter": 1397,
        "ConceptMap": 80,
        "OperationDefinition": 47,
        "CompartmentDefinition": 6,
    }
    for entry in pack.entries[::25]:
        value = pack.read(entry.record)
        urls = [value["url"]] if isinstance(value, dict) else [resource["url"] for resource in value]
        assert entry.url in urls
    assert (R4.parent / "NOTICE").read_text("utf-8").count("CC0") == 2
    assert R4.stat().st_size < 1_500_000


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("urn:a", ("urn:a", "")),
        ("urn:a|1.0", ("urn:a", "1.0")),
        ("urn:a|1#x", ("urn:a", "1")),
        ("urn:a#x", ("urn:a", "")),
    ],
)
def test_a_canonical_is_taken_apart(canonical: str, expected: tuple[str, str]) -> None:
    assert split(canonical) == expected


def test_versions_are_ordered_as_people_count() -> None:
    ordered = ["", "0.9", "1.0.0-ballot", "1.0.0", "1.2.0", "1.10.0", "2018-08-12", "2018-11-01"]
    assert sorted((*ordered[3:], *ordered[:3]), key=version_key) == ordered


VERSION = st.lists(st.integers(0, 20), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@given(st.lists(VERSION, min_size=1, max_size=6), VERSION)
def test_the_version_asked_for_is_never_another(versions: list[str], wanted: str) -> None:
    number = choose(versions, wanted)
    if number is None:
        assert wanted not in versions
    else:
        assert versions[number] == wanted or versions[number].startswith(wanted + ".")
        assert wanted not in versions or versions[number] == wanted


@given(st.lists(st.text(max_size=10), min_size=1, max_size=5))
def test_any_text_may_be_a_version(versions: list[str]) -> None:
    assert choose(versions, "") is not None


def test_the_shipped_pack_holds_facts_not_prose() -> None:
    """Of free text only an invariant's sentence, a display and a title are kept, and none is long."""
    pack = Pack(R4)
    prose = {"definition", "comment", "requirements", "short", "description", "purpose", "copyright", "contact"}

    def keys(value: object) -> Iterator[tuple[str, object]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key, inner
                yield from keys(inner)
        elif isinstance(value, list):
            for item in value:
                yield from keys(item)

    for entry in pack.entries:
        if entry.resource_type in ("StructureDefinition", "ValueSet", "ConceptMap"):
            for key, inner in keys(pack.read(entry.record)):
                assert key not in prose, (entry.url, key)
                assert key not in ("human", "display", "title") or len(str(inner)) < 400, (entry.url, inner)
