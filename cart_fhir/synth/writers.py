"""What `cart-fhir synth --as` can write: kind -> writer of a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cart_fhir.errors import BadRequest
from cart_fhir.formats import json as fhir_json
from cart_fhir.synth import fhir
from cart_fhir.synth.exports import cda, centre_a, centre_b, hl7v2, odm, omop, redcap, registry, slide
from cart_fhir.synth.exports.table import write_tables
from cart_fhir.synth.journey import CENTRES, journeys
from cart_fhir.synth.model import Journey

Writer = Callable[[Path, list[Journey]], list[Path]]
Watch = Callable[[Iterator[Journey]], Iterator[Journey]]


def _centre_a(folder: Path, made: list[Journey]) -> list[Path]:
    return write_tables(folder, centre_a.TABLES, centre_a.DIALECT, made)


def _centre_b(folder: Path, made: list[Journey]) -> list[Path]:
    return [*write_tables(folder, centre_b.TABLES, centre_b.DIALECT, made), centre_b.write_scores(folder, made)]


def _bundles(folder: Path, made: list[Journey]) -> list[Path]:
    files = []
    for journey in made:
        path = folder / f"{journey.person.number}.json"
        path.write_bytes(fhir_json.dumps(fhir.bundle(journey), pretty=True) + b"\n")
        files.append(path)
    return files


def _ndjson(folder: Path, made: list[Journey]) -> list[Path]:
    lines: dict[str, list[bytes]] = {}
    for journey in made:
        for resource in fhir.resources(journey):
            lines.setdefault(resource["resourceType"], []).append(fhir_json.dumps(resource))
    files = []
    for name, records in lines.items():
        path = folder / f"{name}.ndjson"
        path.write_bytes(b"".join(record + b"\n" for record in records))
        files.append(path)
    return files


# kind -> (key of the centre, writer)
KINDS: Final[Mapping[str, tuple[str, Writer]]] = {
    "fhir": ("a", _bundles),
    "ndjson": ("a", _ndjson),
    "csv-centre-a": ("a", _centre_a),
    "csv-centre-b": ("b", _centre_b),
    "redcap": ("a", redcap.write),
    "odm": ("a", odm.write),
    "hl7v2": ("a", hl7v2.write),
    "cda": ("a", cda.write),
    "omop": ("a", omop.write),
    "slide": ("a", slide.write),
    "cibmtr": ("a", registry.write_cibmtr),
    "ebmt": ("a", registry.write_ebmt),
}


def write(kind: str, folder: Path | str, patients: int, seed: int, watch: Watch = iter) -> list[Path]:
    """Write `patients` journeys as `kind` (a key of `KINDS`) to `folder`, which is made; the files written, in order.

    The same patients and seed give the same bytes. `watch` may wrap the journeys to show progress. Raises BadRequest
    for an unknown kind.
    """
    if kind not in KINDS:
        raise BadRequest(f"There is no kind '{kind}'.", advice=f"Use one of {', '.join(KINDS)}.")
    centre, writer = KINDS[kind]
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return writer(target, list(watch(journeys(patients, seed, CENTRES[centre]))))
