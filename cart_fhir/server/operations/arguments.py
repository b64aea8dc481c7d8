"""What an operation was called with: query parameters, a Parameters resource, or a resource as the body itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from cart_fhir.errors import BadRequest
from cart_fhir.server.body import parse
from cart_fhir.server.http import Json, Request
from cart_fhir.server.negotiate import FORM, body_media
from cart_fhir.server.params import all_pairs
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


def arguments(service: Service, request: Request, resource_name: str = "resource") -> Arguments:
    """The arguments of a call. A body that is no Parameters resource is the argument `resource_name`."""
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
