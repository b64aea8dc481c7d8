"""The official R4 example of every type goes through the server in JSON and XML, and not a digit changes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import canonicalize

import pytest

from cart_fhir.definitions import Registry
from cart_fhir.formats import json

from .conftest import Fhir, Json

EXAMPLES = Path(__file__).parent / "node" / "node_modules" / "hl7.fhir.r4.examples"
OPEN = {"CART_FHIR_VALIDATION": "off", "CART_FHIR_DEFINITIONS_READ_ONLY": False}
# types of which the package has no example
NONE = {
    "Parameters",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
}


def example(type: str) -> Json:
    """The longest of a type's examples below 50 kB: it says most."""
    paths = [path for path in sorted(EXAMPLES.glob(f"{type}-*.json")) if path.stat().st_size < 50_000]
    assert paths, f"the package has no example of {type}"
    resource: Json = json.loads(max(paths, key=lambda path: path.stat().st_size).read_bytes())
    assert resource["resourceType"] == type
    return resource


def said(value: Any) -> Any:
    """What a resource says: decimals by their digits, narratives as XML, whatever the order of its properties."""
    if isinstance(value, dict):
        return {key: canonicalize(inner) if key == "div" else said(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [said(inner) for inner in value]
    return str(value) if isinstance(value, Decimal) else value


def sent_and_stored(sent: Json, answer: Any) -> tuple[Any, Any]:
    """Both without what the server adds."""
    stored = dict(answer.json)
    meta = {key: value for key, value in stored.pop("meta").items() if key not in ("versionId", "lastUpdated")}
    if meta:
        stored["meta"] = meta
    wanted = {key: value for key, value in sent.items() if key != "meta"}
    if kept := {key: value for key, value in sent.get("meta", {}).items() if key not in ("versionId", "lastUpdated")}:
        wanted["meta"] = kept
    return said(wanted), said(stored)


@pytest.mark.parametrize("app", [OPEN], indirect=True)
def test_every_type_goes_round_in_json_and_xml(fhir: Fhir, need: Callable[[str, bool], None]) -> None:
    need("hl7.fhir.r4.examples (npm ci in tests/server/node)", EXAMPLES.is_dir())
    for type in Registry.default().resource_types:
        if type in NONE:
            continue
        sent = example(type)
        path = f"{type}/{sent['id']}"
        assert fhir.put(path, sent).status == 201, path
        wanted, stored = sent_and_stored(sent, fhir.get(path, Accept="application/fhir+json"))
        assert stored == wanted, path
        as_xml = fhir.get(path, Accept="application/fhir+xml")
        assert as_xml.headers["Content-Type"].startswith("application/fhir+xml"), path
        assert fhir.put(path, as_xml.data, Content_Type="application/fhir+xml").status == 200, path
        wanted, stored = sent_and_stored(sent, fhir.get(path, Accept="application/fhir+json"))
        assert stored == wanted, f"{path}, through XML"
