"""Packages and single files: what is taken from them, in which order, and what is told."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cart_fhir.definitions import Registry
from cart_fhir.definitions.package import read_packages
from cart_fhir.errors import BadSyntax, CartFHIRError, NotFound

Json = dict[str, Any]
PROFILE = {
    "resourceType": "StructureDefinition",
    "url": "https://example.org/StructureDefinition/p",
    "version": "1.0.0",
    "type": "Patient",
    "kind": "resource",
    "abstract": False,
    "derivation": "constraint",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]},
}
VALUE_SET = {"resourceType": "ValueSet", "url": "https://example.org/ValueSet/v"}


def manifest(name: str, **more: Any) -> Json:
    return {"name": name, "version": "1.0.0", "fhirVersions": ["4.0.1"], **more}


def tgz(path: Path, files: dict[str, Any]) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for name, value in files.items():
            content = value if isinstance(value, bytes) else json.dumps(value).encode()
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return path


FILES = {
    "package/package.json": manifest("ours", dependencies={"hl7.fhir.r4.core": "4.0.1", "theirs": "2.0.0"}),
    "package/.index.json": {"resourceType": "ValueSet", "url": "https://example.org/ValueSet/hidden"},
    "package/p.json": PROFILE,
    "package/patient.json": {"resourceType": "Patient"},
    "package/example/v.json": VALUE_SET,
    "package/readme.md": b"# Ours",
}


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return folder


@pytest.mark.parametrize("shape", ["archive", "folder", "flat folder"])
def test_a_package_gives_its_definitions_but_not_its_examples(registry: Registry, tmp_path: Path, shape: str) -> None:
    if shape == "archive":
        path = tgz(tmp_path / "ours.tgz", FILES)
    elif shape == "folder":
        path = write(tmp_path / "ours", FILES)
    else:
        path = write(tmp_path / "ours", FILES) / "package"
    registry.load(path)
    assert [profile["url"] for profile in registry.profiles()] == [PROFILE["url"]]
    assert registry.value_set("https://example.org/ValueSet/hidden") is None
    assert registry.value_set(VALUE_SET["url"]) is None
    assert registry.packages == {"ours": "1.0.0"}
    assert [issue.text for issue in registry.issues] == ["The package theirs 2.0.0 is not loaded; ours depends on it."]


def test_a_dependency_that_comes_later_is_no_longer_missed(registry: Registry, tmp_path: Path) -> None:
    registry.load(tgz(tmp_path / "ours.tgz", FILES))
    registry.load(tgz(tmp_path / "theirs.tgz", {"package/package.json": manifest("theirs")}))
    assert registry.issues == []


def test_a_folder_of_packages_is_read_dependencies_first(registry: Registry, tmp_path: Path) -> None:
    write(tmp_path, {"a#1.0.0/package/package.json": manifest("a", dependencies={"b": "1.0.0"})})
    tgz(tmp_path / "b.tgz", {"package/package.json": manifest("b", dependencies={"c": "1.0.0"})})
    write(tmp_path, {"c#1.0.0/package/package.json": manifest("c", dependencies={"a": "1.0.0"})})
    write(tmp_path, {"loose.json": VALUE_SET})
    names = [package.name for package in read_packages(tmp_path, registry.types)]
    assert names == ["", "c", "b", "a"]


XML = b"""<ValueSet xmlns="http://hl7.org/fhir"><url value="https://example.org/ValueSet/x"/><status value="draft"/>
<compose><include><system value="urn:a"/><concept><code value="b"/></concept></include></compose></ValueSet>"""


@pytest.mark.parametrize("form", ["json", "xml", "bundle"])
def test_a_single_file(registry: Registry, tmp_path: Path, form: str) -> None:
    wanted = "https://example.org/ValueSet/x"
    value = {"resourceType": "ValueSet", "url": wanted}
    content = {
        "json": json.dumps(value).encode(),
        "xml": XML,
        "bundle": json.dumps({"resourceType": "Bundle", "entry": [{"resource": value}]}).encode(),
    }[form]
    path = tmp_path / ("file.xml" if form == "xml" else "file.json")
    path.write_bytes(content)
    registry.load(path)
    assert registry.value_set(wanted) is not None
    if form == "xml":
        assert registry.value_set(wanted)["compose"]["include"][0]["concept"] == [{"code": "b"}]  # type: ignore[index]


def test_what_is_not_there_and_what_is_no_definition(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        registry.load(tmp_path / "nothing")
    (tmp_path / "bad.json").write_bytes(b"{")
    with pytest.raises(BadSyntax):
        registry.load(tmp_path / "bad.json")
    (tmp_path / "patient.json").write_bytes(b'{"resourceType": "Patient"}')
    registry.load(tmp_path / "patient.json")
    assert "patient.json: a Patient is no definition" in registry.issues[0].text


def test_a_bad_file_in_a_package_leaves_the_others(registry: Registry, tmp_path: Path) -> None:
    files = {**FILES, "package/bad.json": b"{", "package/list.json": b"[]", "package/bad.xml": b"<a"}
    registry.load(tgz(tmp_path / "ours.tgz", files))
    assert registry.structure(PROFILE["url"]) is not None
    told = [issue.text.partition(" was left out")[0] for issue in registry.issues if "was left out" in issue.text]
    assert told == ["ours.tgz: bad.json", "ours.tgz: list.json", "ours.tgz: bad.xml"]


def test_a_package_for_another_version_of_fhir_is_told(registry: Registry, tmp_path: Path) -> None:
    registry.load(tgz(tmp_path / "five.tgz", {"package/package.json": manifest("five", fhirVersions=["5.0.0"])}))
    assert "made for FHIR 5.0.0" in registry.issues[0].text


def test_a_link_out_of_a_folder_is_not_followed(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(json.dumps(VALUE_SET))
    folder = write(tmp_path / "ours", {"package/package.json": manifest("ours")})
    (folder / "package" / "link.json").symlink_to(tmp_path / "secret.json")
    registry.load(folder)
    assert registry.value_set(VALUE_SET["url"]) is None
    assert "a link that leads outside" in registry.issues[0].text


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)),
    max_leaves=4,
)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, item in inner for place in places(item, (*way, key)))]


def replaced(value: Any, way: tuple[Any, ...], junk: Any) -> Any:
    if not way:
        return junk
    made = dict(value) if isinstance(value, dict) else list(value)
    made[way[0]] = replaced(value[way[0]], way[1:], junk)
    return made


RICH = [
    {
        **PROFILE,
        "differential": {
            "element": [
                {
                    "id": "Patient",
                    "path": "Patient",
                    "constraint": [{"key": "a", "severity": "error", "expression": "true"}],
                },
                {
                    "id": "Patient.identifier",
                    "path": "Patient.identifier",
                    "slicing": {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"},
                    "type": [{"code": "Identifier"}],
                    "binding": {"strength": "required", "valueSet": VALUE_SET["url"]},
                },
                {"id": "Patient.identifier:a", "path": "Patient.identifier", "sliceName": "a", "min": 1, "max": "2"},
                {"id": "Patient.identifier:a.system", "path": "Patient.identifier.system", "fixedUri": "urn:a"},
                {"path": "Patient.deceasedBoolean", "mustSupport": True},
            ]
        },
    },
    {
        **VALUE_SET,
        "compose": {
            "include": [
                {"system": "urn:c", "filter": [{"property": "concept", "op": "is-a", "value": "a"}]},
                {"system": "urn:c", "concept": [{"code": "a", "display": "A"}]},
                {"valueSet": [VALUE_SET["url"]]},
            ]
        },
        "expansion": {"total": 1, "contains": [{"system": "urn:c", "code": "a", "contains": [{"code": "b"}]}]},
    },
    {
        "resourceType": "CodeSystem",
        "url": "urn:c",
        "content": "complete",
        "concept": [
            {"code": "a", "display": "A", "property": [{"code": "p", "valueCode": "b"}], "concept": [{"code": "b"}]},
            {"code": "c", "designation": [{"value": "C"}]},
        ],
    },
    {
        "resourceType": "SearchParameter",
        "url": "urn:s",
        "code": "s",
        "base": ["Patient"],
        "type": "token",
        "expression": "Patient.id",
    },
]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_definition_breaks_what_reads_it(core_parts: tuple[Registry, dict[str, Any]], data: st.DataObject) -> None:
    """Whatever stands at any place of a definition, it is told or read; nothing raises."""
    from cart_fhir.definitions import Terminology

    original = data.draw(st.sampled_from(RICH))
    way = data.draw(st.sampled_from(places(original)[1:]))
    changed = replaced(original, way, data.draw(JUNK))
    registry = Registry(guide=False)
    registry.__dict__["_shelf"] = dict(core_parts[1])
    for resource in (*(one for one in RICH if one is not original), changed):
        registry.add(resource)
    registry.profiles()
    if original["resourceType"] == "SearchParameter":
        registry.search_parameters("Patient")
    terminology = Terminology(registry)
    for url in (VALUE_SET["url"], str(changed.get("url"))):
        terminology.member(url, "urn:c", "b")
        terminology.expand(url)
        terminology.why(url)
    terminology.displays("urn:c", "a")
    terminology.subsumes("urn:c", "a", "b")


@pytest.fixture(scope="session")
def core_parts(core: Registry) -> tuple[Registry, dict[Any, Any]]:
    """The core's shelf, shared by the many registries of the property test, which add to copies of it."""
    return core, core._shelf


def test_loading_raises_only_our_errors(registry: Registry, tmp_path: Path) -> None:
    for number, content in enumerate([b"", b"\xff", b"[1]", b'"x"', b"null", b"{}", b'{"resourceType": 7}', b"NaN"]):
        path = tmp_path / f"{number}.json"
        path.write_bytes(content)
        try:
            registry.load(path)
        except CartFHIRError:
            continue
        assert registry.issues
