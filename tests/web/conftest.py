"""The pages over a server that holds a few synthetic journeys; filled once, since the pages only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cart_fhir.definitions import Registry
from cart_fhir.formats import json
from cart_fhir.server import CartFHIR
from cart_fhir.server.extension import service_of
from cart_fhir.synth import journeys
from cart_fhir.synth.fhir import bundle
from cart_fhir.web import Pages


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with a server, its pages, and five synthetic patients."""
    app = Flask("pages")
    store = f"sqlite:///{tmp_path_factory.mktemp('pages') / 'store.db'}"
    CartFHIR(app, registry=Registry.default(), CART_FHIR_STORE=store)
    Pages(app)
    client = app.test_client()
    for one in journeys(5, 3):
        sent = json.dumps(bundle(one))
        answer = client.post("/fhir/", data=sent, content_type="application/fhir+json")
        assert answer.status_code == 200, answer.text[:2000]
    yield app
    service_of(app).shared.store.close()


@pytest.fixture
def browser(pages: Flask) -> FlaskClient:
    """A client for the pages."""
    return pages.test_client()
