"""Plug-in manners: application factory, several servers in one process, configuration, hooks, operations, health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cart_fhir.definitions import Registry
from cart_fhir.errors import ConfigError, Forbidden
from cart_fhir.formats import json
from cart_fhir.issues import operation_outcome
from cart_fhir.server import CartFHIR
from cart_fhir.server.config import PREFIX, Settings, SettingsSchema, from_environment, load, unknown_variables
from cart_fhir.server.extension import service_of
from cart_fhir.server.http import Request, Response
from cart_fhir.web import Pages

from .conftest import Fhir, make_app, patient


def test_a_host_application_keeps_its_own_urls(tmp_path: Path) -> None:
    app = Flask("host")

    @app.get("/")
    def home() -> str:
        return "the host's page"

    fhir = CartFHIR(registry=Registry.default())
    app.config["CART_FHIR_STORE"] = f"sqlite:///{tmp_path / 'a.db'}"
    app.config["CART_FHIR_URL_PREFIX"] = "/api/fhir/r4"
    service = fhir.init_app(app)
    client = app.test_client()
    assert client.get("/").text == "the host's page"
    assert client.get("/elsewhere").mimetype == "text/html", "errors outside the prefix stay the host's"
    assert client.get("/api/fhir/r4/metadata").json["implementation"]["url"] == "http://localhost/api/fhir/r4"
    assert client.get("/api/fhir/r4/").json["resourceType"] == "Bundle"
    service.shared.store.close()


def test_several_servers_in_one_application(tmp_path: Path) -> None:
    app = Flask("several")
    for name in ("one", "two"):
        CartFHIR(
            app,
            name=name,
            registry=Registry.default(),
            CART_FHIR_URL_PREFIX=f"/{name}",
            CART_FHIR_STORE=f"sqlite:///{tmp_path / name}.db",
        )
    one, two = Fhir(app.test_client(), "/one"), Fhir(app.test_client(), "/two")
    one.put("Patient/p", patient(id="p"))
    assert (one.get("Patient/p").status, two.get("Patient/p").status) == (200, 404)
    with pytest.raises(ConfigError, match="share the prefix"):
        CartFHIR(app, name="three", CART_FHIR_URL_PREFIX="/one", CART_FHIR_STORE="sqlite://")
    with pytest.raises(ConfigError, match="mounted already"):
        CartFHIR(app, name="one")
    for name in ("one", "two"):
        service_of(app, name).shared.store.close()


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"CART_FHIR_VALIDATON": "off"}, "CART_FHIR_VALIDATON: unknown key"),
        ({"CART_FHIR_VALIDATION": "maybe"}, "CART_FHIR_VALIDATION: Must be one of"),
        ({"CART_FHIR_PAGE_SIZE": 0}, "CART_FHIR_PAGE_SIZE"),
        ({"CART_FHIR_URL_PREFIX": "fhir/"}, "CART_FHIR_URL_PREFIX: a prefix begins with a slash"),
        ({"CART_FHIR_CORS_ORIGINS": ["app.example"]}, "'app.example' is no origin"),
        ({"CART_FHIR_BASE_URL": "registry.example"}, "CART_FHIR_BASE_URL: an absolute http"),
        ({"CART_FHIR_VALIDATION_PROFILES": {"http://x": "loud"}}, "CART_FHIR_VALIDATION_PROFILES"),
        ({"CART_FHIR_TYPES": 7}, "CART_FHIR_TYPES: a list of texts"),
        ({"CART_FHIR_STORE": "carrier-pigeon://loft"}, "No store is installed for 'carrier-pigeon'"),
    ],
)
def test_wrong_configuration_is_told_at_start(config: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        CartFHIR(Flask("wrong"), registry=Registry.default(), **config)
    assert told in caught.value.message


def test_a_variable_mistyped_is_told_and_those_of_other_commands_are_not() -> None:
    given = ["CART_FHIR_PAGESIZE", "CART_FHIR_PAGE_SIZE", "CART_FHIR_MAP_SECRET", "CART_FHIR_TOKEN", "PAGESIZE"]
    assert unknown_variables(dict.fromkeys(given, "")) == ["CART_FHIR_PAGESIZE (is it CART_FHIR_PAGE_SIZE?)"]


def test_configuration_from_the_environment() -> None:
    found = from_environment({"CART_FHIR_PAGE_SIZE": "7", "CART_FHIR_TOKEN": "s3cret", "HOME": "/"})
    assert found == {"CART_FHIR_PAGE_SIZE": "7"}
    assert load(found).page_size == 7
    assert load({"CART_FHIR_TYPES": "Patient, Observation"}).types == ("Patient", "Observation")


def test_every_key_is_documented(root: Path) -> None:
    text = (root / "docs" / "server-configuration.md").read_text(encoding="utf-8")
    fields = SettingsSchema().fields
    assert set(fields) == set(Settings.__slots__)
    for name, field in fields.items():
        default = Settings.__dataclass_fields__[name]
        assert default is not None
        assert f"`{PREFIX}{name.upper()}`" in text, f"docs/server-configuration.md does not tell of {name}"
        assert field.metadata["about"] in text, f"docs/server-configuration.md says something else of {name}"


def test_hooks_may_refuse_narrow_and_watch(app: Flask, fhir: Fhir) -> None:
    seen: list[tuple[str, int]] = []
    hooks = service_of(app).shared.hooks

    def only_reading(interaction: str, request: Request) -> None:
        if interaction in ("create", "update") and request.header("x-role") != "writer":
            raise Forbidden("Only writers write.")

    hooks.before.append(only_reading)
    hooks.after.append(lambda interaction, request, response: seen.append((interaction, response.status)))
    refused = fhir.put("Patient/p", patient(id="p"))
    assert (refused.status, refused.issues[0][1]) == (403, "forbidden")
    assert fhir.put("Patient/p", patient(id="p"), X_Role="writer").status == 201
    batch = {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [{"request": {"method": "PUT", "url": "Patient/q"}, "resource": patient(id="q")}],
    }
    inside = fhir.post("", batch)
    assert inside.json["entry"][0]["response"]["status"].startswith("403"), "entries of a bundle are asked too"
    assert seen == [("update", 201), ("bundle", 200)]


def test_operations_are_a_plug_in_point(tmp_path: Path) -> None:
    fhir = CartFHIR(registry=Registry.default())

    @fhir.operation("greet", definition="http://example.org/greet", about="Says hello.", type=["Patient"])
    def greet(service: Any, request: Request) -> Response:
        return Response(200, operation_outcome(()))

    app = Flask("operations")
    app.config["CART_FHIR_STORE"] = f"sqlite:///{tmp_path / 'o.db'}"
    service = fhir.init_app(app)
    client = Fhir(app.test_client())
    assert client.get("Patient/$greet").status == 200
    assert client.get("Patient/1/$greet").status == 404
    assert client.get("Observation/$greet").status == 404
    [entry] = [r for r in client.get("metadata").json["rest"][0]["resource"] if r["type"] == "Patient"]
    assert {"name": "greet", "definition": "http://example.org/greet", "documentation": "Says hello."} in entry[
        "operation"
    ]

    @fhir.operation("late", definition="http://example.org/late", system=True)
    def late(service: Any, request: Request) -> Response:
        return Response(200, operation_outcome(()))

    assert client.get("$late").status == 200, "also when the server is mounted already"
    assert "late" in {row["name"] for row in client.get("metadata").json["rest"][0]["operation"]}
    service.shared.store.close()


@pytest.mark.parametrize(
    ("code", "places", "said"),
    [
        ("$greet", {"system": True}, "cannot be an operation"),
        ("greet", {}, "offered nowhere"),
        ("twice", {"type": ["Patient"]}, "already"),
    ],
)
def test_operations_that_cannot_be(code: str, places: dict[str, Any], said: str) -> None:
    fhir = CartFHIR()
    fhir.operation("twice", definition="http://example.org/twice", instance=["*"])(lambda service, request: Response())
    with pytest.raises(ConfigError, match=said):
        fhir.operation(code, definition="http://example.org/x", **places)


def test_pages_need_a_server() -> None:
    with pytest.raises(ConfigError, match="No FHIR server named 'trial'"):
        Pages(Flask("none"), name="trial")


def test_the_log_of_a_fault_names_its_place_and_no_data(
    fhir: Fhir, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    words = "Erika Mustermann"

    def fail(interaction: str, request: Request) -> None:
        raise KeyError(words)

    service_of(app).shared.hooks.before.append(fail)
    with caplog.at_level("INFO"):
        answer = fhir.get("Patient")
    assert answer.status == 500
    reference = answer.json["issue"][0]["details"]["text"].split()[-1].rstrip(".")
    assert f"reference {reference}: KeyError at " in caplog.text
    assert "test_plugin.py" in caplog.text
    assert words not in caplog.text


@pytest.mark.parametrize("app", [{"CART_FHIR_TYPES": ["guide"]}], indirect=True)
def test_only_the_guides_types(fhir: Fhir) -> None:
    types = {row["type"] for row in fhir.get("metadata").json["rest"][0]["resource"]}
    assert {"Patient", "MedicationAdministration", "AdverseEvent"} <= types
    assert "Claim" not in types
    assert fhir.get("Claim").status == 404
    assert fhir.get("Patient").status == 200


@pytest.mark.parametrize("app", [{"CART_FHIR_METRICS": True}], indirect=True)
def test_health_and_metrics(app: Flask, fhir: Fhir) -> None:
    assert fhir.get("health/live").json["status"] == "alive"
    assert fhir.get("health/ready").json["status"] == "ready"
    fhir.put("Patient/secret-id", patient(id="secret-id"))
    fhir.get("Patient/absent")
    text = fhir.get("metrics").data.decode()
    assert 'cart_fhir_requests_total{interaction="update",status="201"' in text
    assert 'cart_fhir_requests_total{interaction="read",status="404"' in text
    assert 'cart_fhir_request_seconds_count{interaction="update"' in text
    assert "secret-id" not in text


def test_not_ready_without_its_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cart_fhir.errors import Unavailable

    app = make_app(tmp_path)
    store = service_of(app).shared.store

    def down() -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(store, "ping", down)
    fhir = Fhir(app.test_client())
    assert fhir.get("health/ready").status == 503
    assert fhir.get("health/live").status == 200
    store.close()


@pytest.mark.parametrize("app", [{"CART_FHIR_BASE_URL": "https://registry.example.org/fhir"}], indirect=True)
def test_the_public_base_url_wins(fhir: Fhir) -> None:
    made = fhir.post("Patient", patient())
    assert made.headers["Location"].startswith("https://registry.example.org/fhir/Patient/")
    assert fhir.get("Patient").json["entry"][0]["fullUrl"].startswith("https://registry.example.org/fhir/Patient/")


def test_definitions_of_the_operator_are_served_stated_and_enforced(tmp_path: Path) -> None:
    url = "https://example.org/fhir/StructureDefinition/born"
    profile = {
        "resourceType": "StructureDefinition",
        "id": "born",
        "url": url,
        "name": "Born",
        "status": "draft",
        "kind": "resource",
        "abstract": False,
        "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "derivation": "constraint",
        "differential": {"element": [{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]},
    }
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "born.json").write_bytes(json.dumps(profile))
    app = Flask(__name__)
    definitions = str(tmp_path / "definitions")
    CartFHIR(app, CART_FHIR_STORE=f"sqlite:///{tmp_path / 'x.db'}", CART_FHIR_DEFINITIONS=[definitions])
    fhir = Fhir(app.test_client())
    try:
        assert fhir.get(f"StructureDefinition?url={url}").ids == ["born"]
        stated = next(one for one in fhir.get("metadata").json["rest"][0]["resource"] if one["type"] == "Patient")
        assert url in stated["supportedProfile"]
        claimed = patient(meta={"profile": [url]})
        refused = fhir.post("Patient", claimed)
        assert refused.status == 422
        assert "birthDate" in refused.text
        assert fhir.post("Patient", claimed | {"birthDate": "1990"}).status == 201
    finally:
        service_of(app).shared.store.close()
