"""Seeded resources and queries over small pools of values, so that most queries find something and leave something."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

Json = dict[str, Any]

NAMES = ("Meyer", "Müller", "Muller", "Mc Donald", "Łęcki", "O'Hara", "meyerling", "de la Cruz")
CODES = (("http://loinc.org", "777-3"), ("http://loinc.org", "718-7"), ("urn:local", "777-3"), ("", "own"))
DISPLAYS = ("Platelets", "Hämoglobin", "platelet count", None)
UNITS = ("mg/L", "g/L", "ug/mL", "g/dL")
DATES = ("2023", "2023-12", "2023-12-31", "2024-01-01T01:30:00+02:00", "2023-12-31T23:59:59.500Z", "2024-01-01",
         "2024-01-01T00:00:00Z", "2024-02", "2024-02-29", "2024-03-01T12:00:00-05:00", "2025")  # fmt: skip
"""In the order in which they begin."""
NUMBERS = ("0.5", "0.50", "5", "5.0", "5.4", "50", "100", "100.0", "1E2", "-3")
PREFIXES = ("", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
URLS = ("https://a.org", "https://a.org/x", "https://a.org/x/y", "https://a.org/xy", "urn:oid:1.2",
        "https://a.org/x|2")  # fmt: skip


def resources(random: Random, patients: int = 12, observations: int = 60) -> list[Json]:
    """Patients, practitioners, observations that refer to one another, encounters, conditions."""
    made: list[Json] = [_practitioner(random, number) for number in range(3)]
    made += [_patient(random, number) for number in range(patients)]
    made += [_observation(random, number, patients) for number in range(observations)]
    made += [_encounter(random, number, patients) for number in range(12)]
    made += [_risk(random, number, patients) for number in range(8)]
    made += [_value_set(random, number) for number in range(8)]
    made += [_list(random, number, patients, observations) for number in range(3)]
    return [{**one, **_without_none({"meta": _maybe(random, _meta(random), 0.4)})} for one in made]


def queries(random: Random) -> tuple[str, list[tuple[str, str]]]:
    """A resource type and one to three criteria."""
    type = random.choice(list(_CRITERIA))
    return type, [_criterion(random, type) for _ in range(random.choice((1, 1, 2, 3)))]


def _maybe(random: Random, found: Any, often: float = 0.7) -> Any:
    return found if random.random() < often else None


def _without_none(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if value is not None}


def _name(random: Random) -> Json:
    return {"family": random.choice(NAMES), "given": random.sample(NAMES, random.randrange(3))}


def _practitioner(random: Random, number: int) -> Json:
    return {"resourceType": "Practitioner", "id": f"dr{number}", "name": [_name(random)]}


def _patient(random: Random, number: int) -> Json:
    kind = {
        "coding": [{"system": "urn:kinds", "code": random.choice(("MR", "SS"))}],
        "text": random.choice(("Record", "card")),
    }
    identifier = [
        _without_none({"system": _maybe(random, random.choice(("urn:a", "urn:b"))), "value": f"n{random.randrange(6)}",
                       "type": _maybe(random, kind)})
        for _ in range(random.randrange(3))
    ]  # fmt: skip
    doctor = random.choice(
        (
            {"reference": f"Practitioner/dr{random.randrange(3)}"},
            {"reference": "https://other.org/fhir/Practitioner/9"},
            {"identifier": {"system": "urn:n", "value": "1"}},
        )
    )
    return _without_none(
        {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": identifier or None,
            "name": _maybe(random, [{**_name(random), "given": [random.choice(NAMES)]}]),
            "gender": _maybe(random, random.choice(("male", "female", "other"))),
            "active": _maybe(random, random.random() < 0.5),
            "birthDate": _maybe(random, random.choice(("2023", "2023-12", "2023-12-31", "2024-02-29"))),
            "address": _maybe(random, [{"city": random.choice(NAMES), "country": "CH"}]),
            "generalPractitioner": _maybe(random, [doctor]),
            "deceasedBoolean": _maybe(random, random.random() < 0.5, 0.3),
        }
    )


def _concept(random: Random) -> Json:
    coding = []
    for system, code in random.sample(CODES, random.choice((1, 1, 2))):
        coding.append(_without_none({"system": system or None, "code": code, "display": random.choice(DISPLAYS)}))
    return _without_none({"coding": coding, "text": _maybe(random, random.choice(NAMES), 0.3)})


def _quantity(random: Random) -> Json:
    unit = random.choice(UNITS)
    coded = {"system": "http://unitsofmeasure.org", "code": unit}
    return {"value": Decimal(random.choice(NUMBERS)), "unit": unit, **(coded if random.random() < 0.8 else {})}


def _when(random: Random) -> Json:
    if random.random() < 0.7:
        return {"effectiveDateTime": random.choice(DATES)}
    start, end = sorted(random.sample(range(len(DATES)), 2))
    ends = {"start": DATES[start], "end": DATES[end]}
    return {"effectivePeriod": {name: ends[name] for name in random.sample(sorted(ends), random.choice((1, 2)))}}


def _value(random: Random) -> Json:
    return random.choice(
        (
            {"valueQuantity": _quantity(random)},
            {"valueCodeableConcept": _concept(random)},
            {"valueString": random.choice(NAMES)},
            {},
        )
    )


def _observation(random: Random, number: int, patients: int) -> Json:
    links = [{"reference": f"Observation/o{random.randrange(number)}"}] if number and random.random() < 0.4 else None
    parts = [{"code": _concept(random), **_value(random)} for _ in range(random.randrange(3))]
    return _without_none(
        {
            "resourceType": "Observation",
            "id": f"o{number}",
            "status": random.choice(("final", "amended", "preliminary")),
            "code": _concept(random),
            "category": _maybe(random, [_concept(random)]),
            "subject": _maybe(random, {"reference": f"Patient/p{random.randrange(patients + 2)}"}, 0.9),
            "derivedFrom": links,
            "component": [{name: value for name, value in part.items() if name != "valueString"} for part in parts]
            or None,
            **_when(random),
            **_value(random),
        }
    )


def _encounter(random: Random, number: int, patients: int) -> Json:
    period = _when(random).get("effectivePeriod")
    return _without_none(
        {
            "resourceType": "Encounter",
            "id": f"e{number}",
            "status": random.choice(("finished", "in-progress")),
            "class": {"system": "urn:class", "code": random.choice(("AMB", "IMP"))},
            "subject": {"reference": f"Patient/p{random.randrange(patients)}"},
            "period": period,
            "partOf": _maybe(random, {"reference": f"Encounter/e{random.randrange(12)}"}, 0.4),
        }
    )


def _meta(random: Random) -> Json:
    tags = [_without_none({"system": system or None, "code": code}) for system, code in random.sample(CODES, 1)]
    return {"profile": random.sample(URLS, random.randrange(1, 3)), "tag": tags}


def _value_set(random: Random, number: int) -> Json:
    url = _maybe(random, random.choice(URLS), 0.8)
    return _without_none({"resourceType": "ValueSet", "id": f"v{number}", "status": "draft", "url": url})


def _list(random: Random, number: int, patients: int, observations: int) -> Json:
    ids = [f"Patient/p{random.randrange(patients)}" for _ in range(4)]
    ids += [f"Observation/o{random.randrange(observations)}" for _ in range(12)]
    items = [{"item": {"reference": id}} for id in ids]
    return {"resourceType": "List", "id": f"l{number}", "status": "current", "mode": "working", "entry": items}


def _risk(random: Random, number: int, patients: int) -> Json:
    chances = [{"probabilityDecimal": Decimal(random.choice(NUMBERS))} for _ in range(random.randrange(3))]
    return _without_none(
        {
            "resourceType": "RiskAssessment",
            "id": f"r{number}",
            "status": "final",
            "subject": {"reference": f"Patient/p{random.randrange(patients)}"},
            "occurrenceDateTime": _maybe(random, random.choice(DATES)),
            "prediction": chances or None,
        }
    )


def _criterion(random: Random, type: str) -> tuple[str, str]:
    name, kind = random.choice(_CRITERIA[type])
    if kind.startswith(("chain ", "has ")):
        inner, value = _criterion(random, kind.split()[1])
        return (f"{name}.{inner}" if kind.startswith("chain ") else f"{name}:{inner}"), value
    if kind == "_list":
        return name, random.choice(("l0", "l1", "l2,l0", "l9"))
    if kind == "filter":
        return name, _filter(random, type)
    if random.random() < 0.08:
        return f"{name}:missing", random.choice(("true", "false"))
    modifier = random.choice(_MODIFIERS.get(kind, ("",)))
    if name != "identifier" and modifier == "of-type":
        modifier = ""
    if modifier in ("in", "not-in", "above", "below") and kind == "token" and name not in _CODED:
        modifier = ""
    values = {_VALUES[kind](random, modifier) for _ in range(random.choice((1, 1, 2)))}
    return (f"{name}:{modifier}" if modifier else name), ",".join(sorted(values))


TOKENS = (
    *CODES,
    *(("", code) for code in ("final", "female", "true", "n2")),
    ("http://hl7.org/fhir/observation-status", "final"),
    ("urn:a", "n1"),
    ("urn:class", "AMB"),
)


def _token(random: Random, modifier: str) -> str:
    if modifier == "text":
        return random.choice(("plat", "HAMO", "Müll", "record", "m"))
    if modifier == "of-type":
        return f"urn:kinds|{random.choice(('MR', 'SS'))}|n{random.randrange(6)}"
    if modifier in ("in", "not-in"):
        return random.choice(("urn:set:a", "urn:set:b", "urn:set:none"))
    if modifier in ("above", "below"):
        return "|".join(random.choice(CODES[:3]))
    system, code = random.choice(TOKENS)
    return random.choice((code, f"{system}|{code}", f"{system}|" if system else f"|{code}"))


_CODED = ("code", "combo-code", "component-code", "category", "value-concept", "_tag")
_OPERATORS = {
    "string": ("eq", "ne", "co", "sw", "ew"),
    "token": ("eq", "ne"),
    "reference": ("eq", "re"),
    "uri": ("eq", "ne", "sw"),
    "date": ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap", "po"),
    "number": ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"),
    "quantity": ("eq", "ne", "gt", "lt", "ge", "le"),
}


def _filter(random: Random, type: str) -> str:
    """Up to three comparisons, joined from left to right."""
    text = _comparison(random, type)
    for _ in range(random.choice((0, 1, 1, 2))):
        text += f" {random.choice(('and', 'or'))} {_comparison(random, type)}"
    return text


def _comparison(random: Random, type: str) -> str:
    name, kind = random.choice([one for one in _CRITERIA[type] if one[1] in _OPERATORS or one[1].startswith("chain ")])
    if kind.startswith("chain "):
        inside = [one for one in _CRITERIA[kind.split()[1]] if one[1] in ("string", "date")]
        inner, kind = random.choice(inside or _CRITERIA[kind.split()[1]])
        name = f"{name}.{inner}"
    if kind not in _OPERATORS:
        return _comparison(random, type)
    operator = random.choice((*_OPERATORS[kind], "pr"))
    value = _VALUES[kind](random, "")
    if kind in ("date", "number", "quantity") and value[0].isalpha():
        value = value[2:]
    said = random.choice(("true", "false")) if operator == "pr" else f'"{value}"'
    text = f"{name} {operator} {said}"
    return f"not ({text})" if random.random() < 0.2 else text


def _uri(random: Random, modifier: str) -> str:
    return random.choice(URLS) + random.choice(("", "", "/y"))


def _string(random: Random, modifier: str) -> str:
    name = random.choice(NAMES)
    return name if modifier == "exact" or random.random() < 0.3 else name[: random.randrange(1, 4)].strip().swapcase()


def _reference(random: Random, modifier: str) -> str:
    if modifier == "identifier":
        return random.choice(("urn:n|1", "1", "urn:x|1"))
    id = random.choice(
        (
            f"Patient/p{random.randrange(12)}",
            f"Practitioner/dr{random.randrange(3)}",
            f"Observation/o{random.randrange(60)}",
        )
    )
    return random.choice((id, id.split("/")[1], "https://other.org/fhir/Practitioner/9"))


def _composite(random: Random, modifier: str) -> str:
    return f"{_token(random, '')}${_quantity_value(random, '')}"


def _quantity_value(random: Random, modifier: str) -> str:
    unit = random.choice(UNITS)
    tail = random.choice(("", f"|http://unitsofmeasure.org|{unit}", f"||{unit}"))
    return random.choice(PREFIXES) + random.choice(NUMBERS) + tail


_VALUES = {
    "uri": _uri,
    "token": _token,
    "string": _string,
    "reference": _reference,
    "composite": _composite,
    "quantity": _quantity_value,
    "date": lambda random, modifier: random.choice(PREFIXES) + random.choice(DATES),
    "number": lambda random, modifier: random.choice(PREFIXES) + random.choice(NUMBERS),
}

_MODIFIERS = {
    "token": ("", "", "", "", "not", "text", "of-type", "in", "not-in", "above", "below"),
    "uri": ("", "below", "above"),
    "string": ("", "", "exact", "contains"),
    "reference": ("", "", "identifier"),
}


def _criteria() -> dict[str, list[tuple[str, str]]]:
    """Resource type -> (parameter, kind), from criteria.txt."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in (Path(__file__).parent / "criteria.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            type, name, kind = line.split(maxsplit=2)
            found.setdefault(type, []).append((name, kind))
    return found


_CRITERIA = _criteria()
