"""How fast are FHIRPath invariants? python benchmarks/fhirpath.py    (with `pip install fhirpathpy` also the peer)

Each invariant on one laboratory Observation of about 1.1 KB: microseconds to compile and to evaluate, ours and
fhirpathpy's (with its R4 model), and how many times faster ours is. Medians of five; one core.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import statistics
import timeit
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry
from cart_fhir.formats import json

OBSERVATION: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "platelets-1",
    "meta": {"profile": ["https://w3id.org/cart-fhir/StructureDefinition/cart-laboratory"]},
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Platelets 150.5</div>'},
    "status": "final",
    "category": [
        {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
    ],
    "code": {"coding": [{"system": "http://loinc.org", "code": "777-3", "display": "Platelets"}], "text": "Platelets"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2024-03-02T08:30:00+01:00",
    "issued": "2024-03-02T10:30:00.000+01:00",
    "performer": [{"reference": "Organization/laboratory"}],
    "valueQuantity": {
        "value": Decimal("150.50"),
        "unit": "10*9/L",
        "system": "http://unitsofmeasure.org",
        "code": "10*9/L",
    },
    "referenceRange": [
        {"low": {"value": Decimal("150.0"), "unit": "10*9/L"}, "high": {"value": 400, "unit": "10*9/L"}}
    ],
}
WITHIN = "%resource.descendants()"
EXPRESSIONS = {
    "obs-6": "dataAbsentReason.empty() or value.empty()",
    "obs-7": "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
    "dom-2": "contained.contained.empty()",
    "dom-3": f"contained.where((('#'+id in ({WITHIN}.reference | {WITHIN}.as(canonical) | {WITHIN}.as(uri) | "
    f"{WITHIN}.as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = "
    "'#').exists()).not()).trace('unmatched', id).empty()",
    "dom-4": "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()",
    "dom-5": "contained.meta.security.empty()",
    "dom-6": "text.`div`.exists()",
    "ele-1": "hasValue() or (children().count() > id.count())",
    "a search parameter": "Observation.value.ofType(Quantity) | Observation.component.value.ofType(Quantity)",
    "a where": "category.coding.where(system = 'http://terminology.hl7.org/CodeSystem/observation-category').code",
    "a comparison of dates": "effective <= issued",
}


def microseconds(call: Callable[[], Any], number: int) -> float:
    """The median time of one call."""
    with contextlib.redirect_stdout(io.StringIO()):  # the peer's trace() prints
        return statistics.median(timeit.repeat(call, number=number, repeat=5)) / number * 1e6


def peer() -> Callable[[str], Callable[[], Any]] | None:
    """A maker of calls of fhirpathpy; None where it is not installed."""
    try:
        engine: Any = importlib.import_module("fhirpathpy")
        models: Any = importlib.import_module("fhirpathpy.models")
    except ImportError:
        return None
    resource = json.loads(json.dumps(OBSERVATION))

    def make(expression: str) -> Callable[[], Any]:
        compiled = engine.compile(expression, models.models["r4"])
        return lambda: compiled(resource)

    return make


def main() -> None:
    """Print the table."""
    types, make_peer = Registry.default().types, peer()
    env = fhirpath.Env(resource=OBSERVATION)
    print(f"{'':24}{'compile us':>12}{'evaluate us':>12}{'fhirpathpy':>12}{'ratio':>8}")
    ours, theirs = 0.0, 0.0
    for name, text in EXPRESSIONS.items():
        expression = fhirpath.compile(text, types, "Observation")
        compiling = microseconds(lambda text=text: fhirpath.compile(text, types, "Observation"), 50)
        took = microseconds(lambda expression=expression: expression.evaluate(OBSERVATION, env), 2000)
        try:
            other = microseconds(make_peer(text), 50) if make_peer else None
        except Exception as error:  # the peer lacks hasValue()
            other = None
            name = f"{name} ({str(error)[:30]})" if "implemented" in str(error) else name
        shown = f"{other:12.1f}{other / took:8.0f}" if other else f"{'-':>12}{'-':>8}"
        print(f"{name:24}{compiling:12.0f}{took:12.2f}{shown}")
        ours, theirs = ours + (took if other else 0), theirs + (other or 0)
    if theirs:
        print(f"{'all that both can do':24}{'':12}{ours:12.2f}{theirs:12.1f}{theirs / ours:8.0f}")


if __name__ == "__main__":
    main()
