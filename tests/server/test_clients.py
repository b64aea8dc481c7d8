"""Real clients against a running server: fhirpy, fhirclient, fhir-pyrate, fhir-kit-client and our own."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.client import FHIRClient, RemoteError

from .conftest import observation, patient

pytest.importorskip("fhirpy", reason="fhirpy comes with the test extra")


def test_fhirpy(live: str) -> None:
    from fhirpy import AsyncFHIRClient, SyncFHIRClient
    from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

    client = SyncFHIRClient(live)
    made = client.resource("Patient", **{k: v for k, v in patient(gender="female").items() if k != "resourceType"})
    made.save()
    assert made.id
    assert made["meta"]["versionId"] == "1"
    made["active"] = False
    made.save()
    assert client.reference("Patient", made.id).to_resource()["active"] is False
    found = client.resources("Patient").search(gender="female").fetch_all()
    assert [one.id for one in found] == [made.id]
    assert client.resources("Patient").search(gender="female").count() == 1
    with pytest.raises(OperationOutcome, match="nonsense"):
        client.resources("Patient").search(nonsense="1").count()
    with pytest.raises(OperationOutcome):
        client.resource("Patient", gender="unsure").save()
    made.delete()
    with pytest.raises(ResourceNotFound):
        client.resources("Patient").search(gender="female").get()

    async def later() -> list[Any]:
        other = AsyncFHIRClient(live)
        one = other.resource("Patient", active=True)
        await one.save()
        return await other.resources("Patient").fetch()

    assert len(asyncio.run(later())) == 1


def test_fhirclient(live: str) -> None:
    from fhirclient.client import FHIRClient as SmartClient
    from fhirclient.models.humanname import HumanName
    from fhirclient.models.patient import Patient

    smart = SmartClient(settings={"app_id": "test", "api_base": live})
    smart.prepare()
    name = HumanName({"family": "Quill"})
    one = Patient()
    one.name = [name]
    made = one.create(smart.server)
    read = Patient.read(made["id"], smart.server)
    assert read.name[0].family == "Quill"
    found = list(Patient.where(struct={"family": "Quill"}).perform_resources_iter(smart.server))
    assert [one.id for one in found] == [read.id]


def test_our_own(live: str) -> None:
    with FHIRClient(live, retries=0) as client:
        assert client.capabilities()["fhirVersion"] == "4.0.1"
        rows = [observation("Patient/p", f"{n}.50", id=f"o{n:03}") for n in range(120)]
        entries = [{"resource": row, "request": {"method": "PUT", "url": f"Observation/{row['id']}"}} for row in rows]
        done = client.transaction({"resourceType": "Bundle", "type": "transaction", "entry": entries})
        assert len(done["entry"]) == 120
        found = list(client.search("Observation", subject="Patient/p", _count=50))
        assert [str(one["valueQuantity"]["value"]) for one in found][:2] == ["0.50", "1.50"]
        assert len(found) == 120, "pages are followed"
        made = client.create(patient())
        changed = client.update(made | {"active": False}, if_match="1")
        assert client.vread("Patient", made["id"], "1")["active"] is True
        with pytest.raises(RemoteError) as stale:
            client.update(changed, if_match="1")
        assert stale.value.http_status == 412
        with pytest.raises(RemoteError) as refused:
            client.create(patient(gender="unsure"))
        assert refused.value.http_status == 422
        assert any(issue.expression == "Patient.gender" for issue in refused.value.issues)
        assert any(i["severity"] == "error" for i in client.validate(patient(gender="unsure"))["issue"])
        client.delete("Patient", made["id"])
        with pytest.raises(RemoteError) as gone:
            client.read("Patient", made["id"])
        assert gone.value.http_status == 410


def test_fhir_pyrate(live: str) -> None:
    pyrate = pytest.importorskip("fhir_pyrate", reason="fhir-pyrate comes with the test extra")
    with FHIRClient(live, retries=0) as client:
        client.update(patient(id="p"))
        rows = [observation("Patient/p", f"{n}.50", id=f"o{n:02}") for n in range(30)]
        entries = [{"resource": row, "request": {"method": "PUT", "url": f"Observation/{row['id']}"}} for row in rows]
        client.transaction({"resourceType": "Bundle", "type": "transaction", "entry": entries})
    search = pyrate.Pirate(
        auth=None, base_url=f"{live}/", disable_multiprocessing_requests=True, disable_multiprocessing_build=True
    )
    try:
        assert search.get_bundle_total("Observation", {"subject": "Patient/p", "_summary": "count"}) == 30
        table = search.steal_bundles_to_dataframe(
            "Observation",
            {"subject": "Patient/p", "_count": 7, "_sort": "_id"},
            fhir_paths=[("id", "id"), ("value", "valueQuantity.value")],
        )
    finally:
        search.close()
    assert list(table["id"]) == [row["id"] for row in rows], "pages are followed"
    assert [float(value) for value in table["value"]] == [n + 0.5 for n in range(30)]


NODE = Path(__file__).parent / "node"


def test_fhir_kit_client(live: str, need: Callable[[str, bool], None]) -> None:
    need("node", shutil.which("node") is not None)
    need("fhir-kit-client (npm ci in tests/server/node)", (NODE / "node_modules" / "fhir-kit-client").is_dir())
    run = subprocess.run(
        ["node", "client.mjs", live], cwd=NODE, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "version": "4.0.1",
        "versions": ["1", "2"],
        "first": True,
        "gender": "female",
        "stored": 12,
        "pages": [5, 5, 2],
        "record": 1,
        "history": 3,
        "refused": [422, "Patient.gender"],
        "gone": 410,
    }
