"""How fast are FHIR JSON and XML read and written? python benchmarks/formats.py

The guide's example Observations: microseconds of CPU time a resource (median of five), ours beside the standard
library's json, orjson (both lose digits or keys that we keep or refuse) and fhir.resources.
"""

from __future__ import annotations

import json as stdlib_json
import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from fhir.resources.R4B.observation import Observation

from cart_fhir.definitions import Registry
from cart_fhir.formats import json, ndjson, xml

EXAMPLES = Path(__file__).parents[1] / "cart_fhir" / "profiles" / "data" / "examples.ndjson.gz"


def microseconds(work: Callable[[Any], Any], items: list[Any], repeat: int = 5) -> float:
    """The median time for one item."""
    taken = []
    for _ in range(repeat):
        began = time.process_time()
        for item in items:
            work(item)
        taken.append((time.process_time() - began) / len(items) * 1e6)
    return statistics.median(taken)


def main() -> None:
    """Print the table."""
    with EXAMPLES.open("rb") as stream:
        resources = [value for _, value in ndjson.read(stream) if value["resourceType"] == "Observation"]
    types = Registry.default().types
    texts = [json.dumps(resource) for resource in resources]
    documents = [xml.dumps(resource, types) for resource in resources]
    few = resources[:20]
    size = sum(map(len, texts)) // len(texts)
    print(f"{len(resources)} Observations of {size} bytes on average")
    rows: list[tuple[str, Callable[[Any], Any], list[Any]]] = [
        ("JSON read, ours", json.loads, texts),
        ("JSON read, json with Decimal", lambda text: stdlib_json.loads(text, parse_float=Decimal), texts),
        ("JSON read, orjson (floats)", orjson.loads, texts),
        ("JSON write, ours", json.dumps, resources),
        ("JSON write, json (as text)", lambda value: stdlib_json.dumps(value, default=str), resources),
        ("XML read, ours", lambda text: xml.loads(text, types), documents),
        ("XML write, ours", lambda value: xml.dumps(value, types), resources),
        ("JSON place of a finding, ours", lambda text: json.locate(text)("Observation.code.coding[0].code"), texts),
        ("fhir.resources from dict", Observation.model_validate, few),
    ]
    for name, work, items in rows:
        print(f"{name:34}{microseconds(work, items):10.1f} us")


if __name__ == "__main__":
    main()
