"""What an operation was called with: query parameters, a Parameters resource, or a resource as the body itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from cart_fhir.errors import BadRequest, NotSupported, Unprocessable
from cart_fhir.server.body import parse
from cart_fhir.server.http import Json, Request
from cart_fhir.server.negotiate import FORM, body_media
from cart_fhir.server.params import CONTROL, all_pairs, strict
from cart_fhir.server.service import Service


@dataclass(slots=True)
class Arguments:
    """Values by name, each name possibly several times: texts from the URL, JSON values and resources from the body.

    `enveloped`: they came in a Parameters resource.
    """

    values: dict[str, list[object]] = field(default_factory=dict)
    enveloped: bool = False

    def text(self, name: str) -> str:
        """A parameter as text, empty when it is not given; 400 when it is given twice or is no simple value."""
        found = self.values.get(name, [])
        if not found:
            return ""
        if len(found) > 1 or isinstance(found[0], dict | list):
            raise BadRequest(
                f"The parameter '{name}' takes one simple value.",
                expression=f"Parameters.parameter.where(name = '{name}')",
            )
        value = found[0]
        return ("true" if value else "false") if isinstance(value, bool) else str(value)

    def texts(self, name: str) -> list[str]:
        """A parameter that may repeat, also as a list with commas."""
        return [part for value in self.values.get(name, []) for part in str(value).split(",") if part]

    def flag(self, name: str) -> bool | None:
        """A boolean parameter; None when it is not given."""
        text = self.text(name)
        if text not in ("", "true", "false"):
            raise BadRequest(f"The parameter '{name}' is true or false, not '{text}'.")
        return None if not text else text == "true"

    def value(self, name: str) -> Json | None:
        """A parameter whose value is an object (Coding, CodeableConcept, a resource); None when it is not given."""
        found = self.values.get(name, [])
        if len(found) > 1 or (found and not isinstance(found[0], dict)):
            raise BadRequest(f"The parameter '{name}' takes one object.")
        return found[0] if found else None  # type: ignore[return-value]  # just seen to be a dict


def number(given: Arguments, name: str, default: int) -> int:
    """A parameter that is a whole number and not negative."""
    text = given.text(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest(f"{name}='{text}' is no whole number.")
    return int(text)


def definition(service: Service, given: Arguments, name: str, type: str) -> Json:
    """A definition that comes as an argument, sound enough to be worked with; empty when there is none."""
    found = given.value(name)
    if found is None:
        return {}
    if found.get("resourceType") != type:
        raise BadRequest(f"The parameter '{name}' is a {type}, not a {found.get('resourceType')}.")
    # what is missing (a status, a url) does not keep it from being used; what is misshapen does
    issues = [one for one in service.shared.validator.validate(found) if one.is_error and one.rule not in _HARMLESS]
    if issues:
        raise Unprocessable(f"The {type} cannot be used.", issues=issues)
    return found


_HARMLESS = ("min", "invariant")


def arguments(
    service: Service, request: Request, resource_name: str = "resource", *, known: Collection[str] | None = None
) -> Arguments:
    """The arguments of a call. A body that is no Parameters resource is the argument `resource_name`.

    400 under strict handling for one that is not among the `known`; None lets all through.
    """
    made = _given(service, request, resource_name)
    unknown = sorted(set(made.values) - {*known} - CONTROL) if known is not None else []
    if unknown and strict(service, request):
        known_ones = ", ".join(sorted(known or ())) or "none"
        raise NotSupported(f"'{unknown[0]}' is no parameter of {request.operation} here. There are: {known_ones}.")
    return made


def _given(service: Service, request: Request, resource_name: str) -> Arguments:
    made = Arguments()
    form = body_media(request) == FORM
    for key, value in all_pairs(service, request):
        made.values.setdefault(key, []).append(value)
    if request.method != "POST" or form or (not request.body and request.resource is None):
        return made
    body = parse(service, request)
    if body["resourceType"] != "Parameters":
        made.values.setdefault(resource_name, []).append(body)
        return made
    made.enveloped = True
    for part in _parts(body):
        made.values.setdefault(str(part.get("name")), []).append(_value(part))
    return made


def _parts(body: Json) -> list[Json]:
    parts = body.get("parameter", [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) and "name" in part for part in parts):
        raise BadRequest("Parameters.parameter is a list of objects with a name.", expression="Parameters.parameter")
    return parts


def _value(part: Json) -> object:
    if "resource" in part:
        return part["resource"]
    found = [value for key, value in part.items() if key.startswith("value")]
    return found[0] if found else part
