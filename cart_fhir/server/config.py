"""Configuration: the `CART_FHIR_*` keys of a Flask application in, one frozen `Settings` value out.

The marshmallow schema below is the only list of the keys; docs/server-configuration.md is checked against it by a test.
A wrong key or value raises `ConfigError` naming every key that is wrong, at start and not at the first request.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from cart_fhir.errors import ConfigError
from cart_fhir.store.opening import DEFAULT_URL

PREFIX = "CART_FHIR_"
LEVELS = ("off", "warn", "enforce")
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. One field per `CART_FHIR_*` key; `SettingsSchema` says what each means."""

    store: str = DEFAULT_URL
    url_prefix: str = "/fhir"
    base_url: str = ""
    definitions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    definitions_read_only: bool = True
    validation: str = "enforce"
    validation_profiles: Mapping[str, str] = field(default_factory=dict)
    allow_extensions: tuple[str, ...] = ()
    search_handling: str = "strict"
    update_as_create: bool = True
    conditional_delete: str = "single"
    page_size: int = 50
    max_page_size: int = 1000
    max_body: int = 64 * MIB
    max_entries: int = 10_000
    cors_origins: tuple[str, ...] = ()
    maps: str = ""
    metrics: bool = False
    tracing: bool = False


class Names(fields.Field[tuple[str, ...]]):
    """A list of names, or one text with commas (as environment variables give it)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ValidationError("a list of texts is needed, or one text with commas")
        return tuple(item.strip() for item in value if item.strip())


def _origin(value: tuple[str, ...]) -> None:
    for item in value:
        parts = urlsplit(item)
        if item != "*" and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/")):
            raise ValidationError(f"'{item}' is no origin; write https://host[:port], or *")


def _prefix(value: str) -> None:
    if value and (not value.startswith("/") or value.endswith("/")):
        raise ValidationError("a prefix begins with a slash and does not end with one, e.g. /fhir")


def _base(value: str) -> None:
    if value and urlsplit(value).scheme not in ("http", "https"):
        raise ValidationError("an absolute http(s) URL is needed, e.g. https://registry.example.org/fhir")


def _about(meaning: str) -> dict[str, str]:
    return {"about": meaning}


class SettingsSchema(Schema):
    """The keys, their types and limits; `metadata['about']` is what the documentation says of each."""

    class Meta:
        unknown = EXCLUDE

    store = fields.String(
        metadata=_about("Where resources live: sqlite:///file, postgresql://..., or https://... (gateway).")
    )
    url_prefix = fields.String(validate=_prefix, metadata=_about("Path under which the server is mounted."))
    base_url = fields.String(
        validate=_base, metadata=_about("Public base URL; default: taken from each request's Host.")
    )
    definitions = Names(metadata=_about("Further FHIR packages (.tgz), folders or files of definitions to load."))
    types = Names(metadata=_about("Resource types to offer; 'guide' for the guide's only; default: every R4 type."))
    definitions_read_only = fields.Boolean(
        metadata=_about(
            "Serve StructureDefinition, ValueSet ... from the loaded definitions and refuse writes to them."
        )
    )
    validation = fields.String(
        validate=validate.OneOf(LEVELS),
        metadata=_about("Validation on write: off, warn (store and tell) or enforce (422)."),
    )
    validation_profiles = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf(LEVELS)),
        metadata=_about("Level of single profiles, by canonical URL, where it differs from `validation`."),
    )
    allow_extensions = Names(
        metadata=_about("Beginnings of URLs of extensions accepted without a definition at hand; 'any' for all.")
    )
    search_handling = fields.String(
        validate=validate.OneOf(("strict", "lenient")),
        metadata=_about(
            "Unknown search parameters: refused (strict) or reported as a warning (lenient), unless Prefer says."
        ),
    )
    update_as_create = fields.Boolean(metadata=_about("Let a PUT to an unused id create the resource."))
    conditional_delete = fields.String(
        validate=validate.OneOf(("single", "multiple")), metadata=_about("May DELETE Type?criteria delete several?")
    )
    page_size = fields.Integer(
        validate=validate.Range(1, 10_000), metadata=_about("Matches per page without `_count`.")
    )
    max_page_size = fields.Integer(
        validate=validate.Range(1, 10_000), metadata=_about("Largest `_count` that is honoured.")
    )
    max_body = fields.Integer(
        validate=validate.Range(1024), metadata=_about("Largest request body in bytes, unpacked.")
    )
    max_entries = fields.Integer(
        validate=validate.Range(1), metadata=_about("Largest number of entries in a batch or transaction.")
    )
    cors_origins = Names(validate=_origin, metadata=_about("Origins whose browsers may call; none by default."))
    maps = fields.String(metadata=_about("Folder of installed maps that `$map` may use; empty: `$map` is not offered."))
    metrics = fields.Boolean(metadata=_about("Serve Prometheus metrics under /metrics."))
    tracing = fields.Boolean(metadata=_about("Make OpenTelemetry spans of interactions; needs the `otel` extra."))


def load(config: Mapping[str, Any]) -> Settings:
    """Settings from a Flask config, which may hold other keys too; unknown `CART_FHIR_*` keys are an error."""
    given = {key.removeprefix(PREFIX).lower(): value for key, value in config.items() if key.startswith(PREFIX)}
    schema = SettingsSchema()
    unknown = sorted(set(given) - set(schema.fields))
    problems = {PREFIX + key.upper(): ["unknown key"] for key in unknown}
    try:
        values: dict[str, Any] = schema.load({key: value for key, value in given.items() if key not in unknown})
    except ValidationError as error:
        found: dict[str, Any] = dict(error.messages_dict)
        problems |= {PREFIX + key.upper(): _flat(texts) for key, texts in found.items()}
        values = {}
    if problems:
        text = "; ".join(f"{key}: {', '.join(found)}" for key, found in problems.items())
        raise ConfigError(f"The configuration is wrong. {text}.", advice="See docs/server-configuration.md.")
    return Settings(**values)


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The `CART_FHIR_*` variables of an environment that are keys of the schema, for `app.config.update(...)`."""
    environment = os.environ if environment is None else environment
    names = {PREFIX + name.upper() for name in SettingsSchema().fields}
    return {key: value for key, value in environment.items() if key in names}


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """The `CART_FHIR_*` variables of an environment that are one of these keys mistyped: nobody reads them."""
    names = [name.upper() for name in SettingsSchema().fields]
    given = [key.removeprefix(PREFIX) for key in environment or os.environ if key.startswith(PREFIX)]
    return sorted(
        f"{PREFIX}{key} (is it {PREFIX}{close[0]}?)"
        for key in given
        if key not in names and (close := get_close_matches(key, names, 1, 0.75))
    )


def _flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [f"{key}: {text}" for key, inner in found.items() for text in _flat(inner)]
    return [str(item).rstrip(".") for item in found] if isinstance(found, list) else [str(found)]
