"""$map: an export over HTTP becomes a bundle that the same server takes; what cannot be read is told."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from cart_fhir.server.extension import service_of

from .conftest import Fhir, Json, make_app


@pytest.fixture
def mapping(tmp_path: Path, root: Path) -> Iterator[Fhir]:
    app: Flask = make_app(tmp_path, CART_FHIR_MAPS=str(root / "examples"))
    yield Fhir(app.test_client())
    service_of(app).shared.store.close()


def export(folder: Path) -> list[Json]:
    return [
        {
            "name": "export",
            "valueAttachment": {"title": file.name, "data": base64.b64encode(file.read_bytes()).decode()},
        }
        for file in sorted(folder.iterdir())
        if file.is_file()
    ]


def parameters(*rows: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(rows)}


def test_an_export_becomes_a_bundle(mapping: Fhir, root: Path) -> None:
    sent = export(root / "examples" / "centre-a" / "export")
    answer = mapping.post("$map", parameters({"name": "map", "valueString": "centre-a"}, *sent))
    assert answer.status == 200, answer.data[:2000]
    rows = answer.json["parameter"]
    [bundle] = [row["resource"] for row in rows if row["name"] == "bundle"]
    assert bundle["entry"]
    for row in rows:
        if row["name"] == "totals":
            part = {one["name"]: one.get("valueInteger") for one in row["part"]}
            assert part["read"] == part["mapped"] + part["skipped"] + part["refused"]
    assert mapping.get("Patient?_summary=count").json["total"] == 0, "nothing is stored"
    assert mapping.post("", bundle).status == 200


def test_what_cannot_be_mapped(mapping: Fhir) -> None:
    name = {"name": "map", "valueString": "centre-a"}

    def attachment(title: str, data: str = "") -> Json:
        return {"name": "export", "valueAttachment": {"title": title, "data": data}}

    assert mapping.post("$map", parameters(name)).status == 400
    unknown = mapping.post("$map", parameters({"name": "map", "valueString": "nowhere"}))
    assert unknown.status == 404
    assert "centre-a" in unknown.text
    for wrong in ("../centre-a", "/etc/passwd", ""):
        assert mapping.post("$map", parameters({"name": "map", "valueString": wrong})).status == 400
    assert mapping.post("$map", parameters(name, attachment("a.csv", "no base64!"))).status == 400
    assert mapping.post("$map", parameters(name, attachment(".."))).status == 400
    assert mapping.get("$map?map=centre-a").status == 405


def test_no_maps_by_default(fhir: Fhir) -> None:
    assert fhir.post("$map", parameters({"name": "map", "valueString": "centre-a"})).status == 404
    assert "map" not in [one["name"] for one in fhir.get("metadata").json["rest"][0]["operation"]]
