"""$map: an export and the name of an installed map in, the bundle and the report out; nothing is stored.

    POST [base]/$map   Parameters: map = "centre-a", export = Attachment (title: file name, data) ...

Maps are those of the operator's folder (`CART_FHIR_MAPS`): `<name>/map.yaml` or `<name>.yaml`. The answer is a
Parameters resource with `bundle` (a transaction of PUTs, valid against the guide), `outcome` (every finding with file,
row and column) and one `totals` for each table.
"""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from pathlib import Path, PurePosixPath

from cart_fhir import pipeline
from cart_fhir.errors import BadRequest, NotFound
from cart_fhir.issues import Issue, operation_outcome, worst_first
from cart_fhir.mappers import Mapped, load_map
from cart_fhir.profiles import canonical
from cart_fhir.server.http import Json, Request, Response
from cart_fhir.server.operations import Operation
from cart_fhir.server.operations.arguments import arguments
from cart_fhir.server.service import Service

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,63}")
_COUNTS = ("read", "mapped", "skipped", "refused")


def map_export(service: Service, request: Request) -> Response:
    """200 with bundle, outcome and totals; refused rows are in the outcome, they do not refuse the others."""
    given = arguments(service, request, known=("map", "export"))
    mapping = load_map(_map_file(service, given.text("map")), registry=service.registry)
    sent = given.values.get("export", [])
    if not sent:
        raise BadRequest("There is no export.", advice="Send Attachments called export, with title and data.")
    with tempfile.TemporaryDirectory(prefix="cart-fhir-map-") as folder:
        for number, attachment in enumerate(sent):
            _write(Path(folder), attachment, number)
        with mapping.run([folder]) as mapped:
            issues = pipeline.validate(mapped, service.shared.validator, lambda what, more: None)
            return Response(200, _answer(mapped, [*mapped.issues, *issues]))


def _answer(mapped: Mapped, issues: list[Issue]) -> Json:
    totals = [
        {"name": "totals", "part": [{"name": "file", "valueString": total.file}, *_counts(total)]}
        for total in mapped.totals
    ]
    rows: list[Json] = [
        {"name": "bundle", "resource": mapped.bundle()},
        {"name": "outcome", "resource": operation_outcome(worst_first(issues))},
    ]
    return {"resourceType": "Parameters", "parameter": rows + totals}


def _counts(total: object) -> list[Json]:
    return [{"name": name, "valueInteger": getattr(total, name)} for name in _COUNTS]


def _map_file(service: Service, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise BadRequest(f"'{name}' is no name of a map.", advice="Give the parameter map, e.g. centre-a.")
    folder = Path(service.settings.maps)
    for candidate in (folder / name / "map.yaml", folder / f"{name}.yaml"):
        if candidate.is_file():
            return candidate
    installed = sorted(
        {path.parent.name for path in folder.glob("*/map.yaml")} | {path.stem for path in folder.glob("*.yaml")}
    )
    raise NotFound(f"The map '{name}' is not installed.", advice=f"Installed: {', '.join(installed) or 'none'}.")


def _write(folder: Path, attachment: object, number: int) -> None:
    """Write one file of the export under its own base name; never outside of the folder."""
    if not isinstance(attachment, dict) or not isinstance(attachment.get("data"), str):
        raise BadRequest("An export is an Attachment with data.", expression=f"Parameters.parameter[{number}]")
    title = PurePosixPath(str(attachment.get("title", "")).replace("\\", "/")).name
    if not re.fullmatch(r"[^\x00-\x1f/\\]{1,200}", title) or title in (".", ".."):
        raise BadRequest("The title of an export is its file name.", expression=f"Parameters.parameter[{number}]")
    try:
        data = base64.b64decode(attachment["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(f"The data of {title} is no base64.") from error
    (folder / title).write_bytes(data)


def operation() -> Operation:
    """The operation, named under the canonical base of the guide."""
    return Operation(
        "map",
        map_export,
        canonical.url("x").partition("/StructureDefinition/")[0] + "/OperationDefinition/cart-map",
        "Turn an export into a bundle by an installed map; nothing is stored.",
        system=True,
        affects_state=True,
    )
