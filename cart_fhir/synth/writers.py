"""What `cart-fhir synth --as` can write: kind -> writer of a folder of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

from cart_fhir.errors import BadRequest
from cart_fhir.formats import json as fhir_json
from cart_fhir.synth import fhir
from cart_fhir.synth.exports import cda, centre_a, centre_b, hl7v2, odm, omop, redcap, registry, slide
from cart_fhir.synth.journey import CENTRES, journeys
from cart_fhir.synth.model import Journey

Writer = Callable[[Path, Iterable[Journey]], list[Path]]
Watch = Callable[[Iterator[Journey]], Iterator[Journey]]


def _bundles(folder: Path, made: Iterable[Journey]) -> list[Path]:
    files = []
    for journey in made:
        path = folder / f"{journey.person.number}.json"
        path.write_bytes(fhir_json.dumps(fhir.bundle(journey), pretty=True) + b"\n")
        files.append(path)
    return files


def _ndjson(folder: Path, made: Iterable[Journey]) -> list[Path]:
    files: dict[str, Path] = {}
    with ExitStack() as stack:
        opened: dict[str, IO[bytes]] = {}
        for journey in made:
            for resource in fhir.resources(journey):
                kind = resource["resourceType"]
                if kind not in files:
                    files[kind] = folder / f"{kind}.ndjson"
                    opened[kind] = stack.enter_context(files[kind].open("wb"))
                opened[kind].write(fhir_json.dumps(resource) + b"\n")
    return list(files.values())


# kind -> (key of the centre, writer)
KINDS: Final[Mapping[str, tuple[str, Writer]]] = {
    "fhir": ("a", _bundles),
    "ndjson": ("a", _ndjson),
    "csv-centre-a": ("a", centre_a.write),
    "csv-centre-b": ("b", centre_b.write),
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

    The same patients and seed give the same bytes. Journeys are made and written one by one (all but the slide's).
    `watch` may wrap the journeys to show progress. Raises BadRequest for an unknown kind.
    """
    if kind not in KINDS:
        raise BadRequest(f"There is no kind '{kind}'.", advice=f"Use one of {', '.join(KINDS)}.")
    centre, writer = KINDS[kind]
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return writer(target, watch(journeys(patients, seed, CENTRES[centre])))
