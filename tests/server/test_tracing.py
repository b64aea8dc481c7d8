"""OpenTelemetry spans: one for each interaction, children for entries, nothing that identifies a person."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from flask import Flask

from cart_fhir.errors import ConfigError
from cart_fhir.server.extension import service_of

from .conftest import Fhir, make_app, patient

pytest.importorskip("opentelemetry.sdk.trace", reason="OpenTelemetry comes with the otel extra")


def test_spans_tell_what_happened_and_name_nobody(app: Flask, fhir: Fhir) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    memory, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(memory))
    service_of(app).shared.tracer = provider.get_tracer("tests")
    trace = "0af7651916cd43dd8448eb211c80319c"
    fhir.get("Patient/secret-id", traceparent=f"00-{trace}-b7ad6b7169203331-01")
    fhir.transaction({"request": {"method": "PUT", "url": "Patient/secret-id"}, "resource": patient(id="secret-id")})
    fhir.get("Patient?family=Quill")
    spans = memory.get_finished_spans()
    told = [(span.name, dict(span.attributes or {}).get("http.response.status_code")) for span in spans]
    assert told == [("fhir read", 404), ("fhir update", 201), ("fhir bundle", 200), ("fhir search-type", 200)]
    read, update, bundle, search = spans
    assert f"{read.context.trace_id:032x}" == trace
    assert update.parent is not None
    assert update.parent.span_id == bundle.context.span_id
    assert dict(search.attributes or {})["fhir.resource_type"] == "Patient"
    for span in spans:
        text = span.to_json()
        assert "secret-id" not in text
        assert "Quill" not in text
    provider.shutdown()


def test_off_by_default(app: Flask) -> None:
    assert service_of(app).shared.tracer is None


def test_on_when_asked_for(tmp_path: Path) -> None:
    app = make_app(tmp_path, CART_FHIR_TRACING=True)
    assert service_of(app).shared.tracer is not None
    assert Fhir(app.test_client()).get("Patient").status == 200
    service_of(app).shared.store.close()


def test_asked_for_and_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ConfigError, match="OpenTelemetry"):
        make_app(tmp_path, CART_FHIR_TRACING=True)
