"""A mounted server for each test: an application, a database file of its own, a test client that speaks FHIR JSON."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.server import CartFHIR
from cart_fhir.server.extension import service_of

Json = dict[str, Any]


class Fhir:
    """Calls on a test client with FHIR JSON in and out: `status`, `headers` and `json` of each answer."""

    def __init__(self, client: FlaskClient, prefix: str = "/fhir") -> None:
        self.client, self.prefix = client, prefix

    def __call__(self, method: str, path: str, body: Json | bytes | None = None, **headers: str) -> Answer:
        data = json.dumps(body) if isinstance(body, dict) else body
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent.setdefault("Content-Type", "application/fhir+json")
        return Answer(self.client.open(f"{self.prefix}/{path}", method=method, data=data, headers=sent))

    def get(self, path: str, **headers: str) -> Answer:
        return self("GET", path, **headers)

    def post(self, path: str, body: Json | bytes, **headers: str) -> Answer:
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Json | bytes, **headers: str) -> Answer:
        return self("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self("DELETE", path, **headers)

    def transaction(self, *entries: Json, type: str = "transaction", **headers: str) -> Answer:
        return self.post("", {"resourceType": "Bundle", "type": type, "entry": list(entries)}, **headers)


class Answer:
    """One answer. `issues` are those of an OperationOutcome as (severity, code, expression)."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.data: bytes = response.data

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def issues(self) -> list[tuple[str, str, str]]:
        assert self.json["resourceType"] == "OperationOutcome", self.data
        return [(i["severity"], i["code"], "".join(i.get("expression", ()))) for i in self.json["issue"]]

    @property
    def text(self) -> str:
        return " ".join(i["details"]["text"] for i in self.json["issue"])

    @property
    def ids(self) -> list[str]:
        return [entry["resource"]["id"] for entry in self.json.get("entry", ())]

    def link(self, relation: str) -> str:
        return next((link["url"] for link in self.json["link"] if link["relation"] == relation), "")


def make_app(folder: Path, **config: Any) -> Flask:
    """An application with a server on a new database: in the folder, or emptied where the environment names one.

    `CART_FHIR_TEST_SERVER_STORE=postgresql://...` runs every test of the server on PostgreSQL.
    """
    app = Flask(__name__)
    named = os.environ.get("CART_FHIR_TEST_SERVER_STORE", "")
    if named:
        empty(named)
    app.config["CART_FHIR_STORE"] = named or f"sqlite:///{folder / 'store.db'}"
    CartFHIR(app, registry=Registry.default(), **config)
    return app


def empty(url: str) -> None:
    """Make the schema of a database and take out what is in it."""
    from sqlalchemy import create_engine

    from cart_fhir.store import open_store
    from cart_fhir.store.tables import metadata

    open_store(url, Registry.default()).close()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


@pytest.fixture
def app(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application; `@pytest.mark.parametrize("app", [{...}], indirect=True)` gives configuration."""
    app = make_app(tmp_path, **getattr(request, "param", {}))
    yield app
    service_of(app).shared.store.close()


@pytest.fixture
def fhir(app: Flask) -> Fhir:
    """The server, called through Flask's test client."""
    return Fhir(app.test_client())


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """The base URL of the server running in a thread on the loopback address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/fhir"
    server.shutdown()
    thread.join()
    server.server_close()


def patient(**more: Any) -> Json:
    """A small valid Patient, invented."""
    return {"resourceType": "Patient", "active": True, "name": [{"family": "Quill", "given": ["Ada"]}], **more}


def observation(subject: str, value: str = "12.50", **more: Any) -> Json:
    """A small valid Observation (SLEDAI-like number) with a decimal whose digits must survive."""
    from decimal import Decimal

    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "26515-7"}]},
        "subject": {"reference": subject},
        "effectiveDateTime": "2026-03-01",
        "valueQuantity": {
            "value": Decimal(value),
            "unit": "10*9/L",
            "system": "http://unitsofmeasure.org",
            "code": "10*9/L",
        },
        **more,
    }
