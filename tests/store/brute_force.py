"""Searching without an index: every resource is asked by FHIRPath, and values are compared with dates and decimals.

Written apart from `cart_fhir.search` on purpose: it shares no code with it but the SearchParameters and FHIRPath.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from cart_fhir import fhirpath
from cart_fhir.definitions import Registry, ucum

Json = dict[str, Any]
Typed = tuple[str, Any]
IMPLIED = {
    **dict.fromkeys(("final", "amended", "preliminary"), "http://hl7.org/fhir/observation-status"),
    **dict.fromkeys(("male", "female", "other"), "http://hl7.org/fhir/administrative-gender"),
    **dict.fromkeys(("finished", "in-progress"), "http://hl7.org/fhir/encounter-status"),
    "current": "http://hl7.org/fhir/list-status",
    "draft": "http://hl7.org/fhir/publication-status",
}
"""The code systems of elements of type code."""
UCUM = "http://unitsofmeasure.org"
LOINC, LOCAL = "http://loinc.org", "urn:local"
MEMBERS = {"urn:set:a": {(LOINC, "777-3"), (LOCAL, "777-3")}, "urn:set:b": {(LOINC, "718-7")}, "urn:set:none": set()}
"""Value sets."""
BELOW = {(LOINC, "718-7"): {"718-7", "777-3"}, (LOINC, "777-3"): {"777-3"}, (LOCAL, "777-3"): {"777-3"}}
"""A small hierarchy: each code, and what it subsumes (in the same system)."""
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")


class Terms:
    """The same value sets and hierarchy, as the search asks for them."""

    def members(self, value_set: str) -> set[tuple[str, str]] | None:
        return MEMBERS.get(value_set)

    def below(self, system: str, code: str) -> set[tuple[str, str]] | None:
        return {(system, one) for one in BELOW[system, code]} if (system, code) in BELOW else None

    def above(self, system: str, code: str) -> set[tuple[str, str]] | None:
        known = {(one, name) for (one, name), below in BELOW.items() if one == system and code in below}
        return known if (system, code) in BELOW else None


class BruteForce:
    """The resources (by "Type/id") and the questions asked of them."""

    def __init__(self, resources: list[Json], registry: Registry) -> None:
        self.registry = registry
        self.resources = {f"{one['resourceType']}/{one['id']}": one for one in resources}
        self._parameters: dict[tuple[str, str], list[Json]] = {}
        self._compiled: dict[tuple[str, str], fhirpath.Expression] = {}
        self._values: dict[tuple[str, str], list[Typed]] = {}

    def search(self, type: str, pairs: list[tuple[str, str]]) -> set[str]:
        return {
            one["id"]
            for one in self.resources.values()
            if one["resourceType"] == type and all(self.holds(one, name, value) for name, value in pairs)
        }

    def holds(self, resource: Json, name: str, value: str) -> bool:
        type = resource["resourceType"]
        if name.startswith("_has:"):
            _, source, code, rest = name.split(":", 3)
            mine = f"{type}/{resource['id']}"
            return any(
                mine in self.references(one, code) and self.holds(one, rest, value)
                for one in self.resources.values()
                if one["resourceType"] == source
            )
        head, _, rest = name.partition(".")
        code, _, modifier = head.partition(":")
        if rest:
            targets = [self.resources[key] for key in self.references(resource, code) if key in self.resources]
            return any(
                self.holds(one, rest, value)
                for one in targets
                if (not modifier or one["resourceType"] == modifier) and self.said(one["resourceType"], rest)
            )
        if code == "_id":
            return resource["id"] in value.split(",")
        if code == "_list":
            wanted = {f"List/{one}" for one in value.split(",")}
            listed = [self.references(self.resources[one], "item") for one in wanted & set(self.resources)]
            return any(f"{type}/{resource['id']}" in items for items in listed)
        if code == "_filter":
            return self.filtered(resource, value)
        return self.matches(resource, code, modifier, value)

    def matches(self, resource: Json, code: str, modifier: str, value: str) -> bool:
        said = self.said(resource["resourceType"], code)
        kind = said[0]["type"]
        if kind == "composite":
            wanted = [None] if modifier == "missing" else value.split(",")
            hit = any(self.composite(resource, said[0], part) for part in wanted)
            return hit != (value == "true") if modifier == "missing" else hit
        found = self.values(resource, code)
        if modifier == "missing":
            return (value == "true") == (not found)
        hit = any(test(kind, modifier, one, part) for one in found for part in value.split(","))
        return not hit if modifier in ("not", "not-in") else hit

    def filtered(self, resource: Json, text: str) -> bool:
        """`a and not (b) or c`, from left to right; the generator nests no deeper."""
        first, *rest = re.split(r" (and|or) ", text)
        hit = self.filter_test(resource, first)
        for joint, term in zip(rest[::2], rest[1::2], strict=True):
            other = self.filter_test(resource, term)
            hit = (hit and other) if joint == "and" else (hit or other)
        return hit

    def filter_test(self, resource: Json, term: str) -> bool:
        if term.startswith("not ("):
            return not self.filter_test(resource, term[5:-1])
        path, operator, value = term.split(" ", 2)
        value = value.strip('"')
        code, _, rest = path.partition(".")
        if rest:
            targets = [self.resources[key] for key in self.references(resource, code) if key in self.resources]
            tests = [(one, f'{rest} {operator} "{value}"') for one in targets if self.said(one["resourceType"], rest)]
            return any(self.filter_test(one, test) for one, test in tests)
        said = self.said(resource["resourceType"], code)
        found = self.values(resource, code)
        if operator == "pr":
            return (value == "true") == bool(found)
        return any(filter_test(said[0]["type"], operator, one, value) for one in found)

    def composite(self, resource: Json, said: Json, value: str | None) -> bool:
        """One element has all the parts; with a value, with these values."""
        parts = [None] * len(said["component"]) if value is None else value.split("$")
        for base in said["expression"].split("|"):
            place = base.strip()
            for element_type, element in self.run(resource, resource, place, resource["resourceType"]):
                whole = place if "." in place else element_type
                hits = []
                for component, part in zip(said["component"], parts, strict=True):
                    kind = next(
                        one["type"]
                        for one in self.all(resource["resourceType"])
                        if one["url"] == component["definition"]
                    )
                    found = self.run(element, resource, component["expression"], whole)
                    hits.append(bool(found) if part is None else any(test(kind, "", one, part) for one in found))
                if all(hits):
                    return True
        return False

    def references(self, resource: Json, code: str) -> set[str]:
        return {
            value["reference"]
            for _, value in self.values(resource, code)
            if isinstance(value, dict) and "reference" in value
        }

    def all(self, type: str) -> list[Json]:
        return [one for base in (type, "DomainResource", "Resource") for one in self.registry.search_parameters(base)]

    def said(self, type: str, name: str) -> list[Json]:
        code = name.partition(".")[0].partition(":")[0]
        if name.startswith("_has:") or code in ("_id", "_list", "_filter"):
            return [{"type": "special"}]
        key = (type, code)
        if key not in self._parameters:
            self._parameters[key] = [one for one in self.all(type) if one["code"] == code]
        return self._parameters[key]

    def values(self, resource: Json, code: str) -> list[Typed]:
        key = (f"{resource['resourceType']}/{resource['id']}", code)
        if key not in self._values:
            type = resource["resourceType"]
            self._values[key] = [
                found
                for one in self.said(type, code)
                if one.get("expression")
                for found in self.run(resource, resource, one["expression"], type)
            ]
        return self._values[key]

    def run(self, start: Any, resource: Json, expression: str, root: str) -> list[Typed]:
        if (expression, root) not in self._compiled:
            self._compiled[expression, root] = fhirpath.compile(expression, self.registry.types, root, any_root=True)
        env = fhirpath.Env(resource=resource, root_resource=resource, resolve=self.resolve)
        return self._compiled[expression, root].typed(start, env)

    def resolve(self, reference: str) -> Any:
        return self.resources.get(reference) or {"resourceType": reference.split("/")[0]}


def test(kind: str, modifier: str, found: Typed, wanted: str) -> bool:
    """One value of a resource against one value of the search."""
    return {"token": token, "string": string, "reference": reference, "date": date, "number": number,
            "quantity": quantity, "uri": uri}[kind](modifier, found, wanted)  # fmt: skip


def filter_test(kind: str, operator: str, found: Typed, wanted: str) -> bool:
    """One value of a resource against one comparison of a _filter."""
    if kind in ("date", "number", "quantity"):
        if operator == "po":
            low, high = extent(found[1])
            start, end = moments(wanted)
            return low < end and start < high
        return test(kind, "", found, operator + wanted)
    if kind == "string":
        asked, parts = plain(wanted), [plain(part) for part in texts(found[1])]
        compare = {"eq": asked.__eq__, "ne": asked.__ne__, "sw": lambda part: part.startswith(asked),
                   "ew": lambda part: part.endswith(asked), "co": lambda part: asked in part}[operator]  # fmt: skip
        return any(compare(part) for part in parts if part)
    if kind == "token" and operator == "ne":
        return any(code and not token("", ("Coding", {"system": system, "code": code}), wanted)
                   for system, code in codings(*found))  # fmt: skip
    hit = test(kind, "below" if operator == "sw" else "", found, wanted)
    return not hit if operator == "ne" else hit


test.__test__ = False  # type: ignore[attr-defined]  # it is no test, whatever its name


def codings(type: str, value: Any) -> list[tuple[str, Any]]:
    """The (system, code) pairs of a value."""
    if type == "CodeableConcept":
        return [(one.get("system", ""), one.get("code")) for one in value.get("coding", [])]
    if type == "Coding":
        return [(value.get("system", ""), value.get("code"))]
    if type in ("Identifier", "ContactPoint"):
        return [(value.get("system", ""), value.get("value"))]
    if type == "code":
        return [(IMPLIED[value], value)]
    return [("", str(value).lower() if isinstance(value, bool) else value)]


def token(modifier: str, found: Typed, wanted: str) -> bool:
    type, value = found
    if modifier == "text":
        if type == "CodeableConcept":
            said = [value.get("text"), *(one.get("display") for one in value.get("coding", []))]
        elif type == "Coding":
            said = [value.get("display")]
        else:
            said = [value.get("type", {}).get("text")] if type == "Identifier" else []
        return any(text is not None and plain(text).startswith(plain(wanted)) for text in said)
    if modifier == "of-type":
        system, code, number = wanted.split("|")
        kinds = value.get("type", {}).get("coding", []) if type == "Identifier" else []
        return value.get("value") == number and any(
            (one.get("system"), one.get("code")) == (system, code) for one in kinds
        )
    if modifier in ("in", "not-in"):
        return any(coding in MEMBERS[wanted] for coding in codings(type, value))
    system, bar, code = wanted.rpartition("|")
    if modifier == "below":
        return any(one[0] == system and one[1] in BELOW[system, code] for one in codings(type, value))
    if modifier == "above":
        return any(code in BELOW.get(one, ()) for one in codings(type, value) if one[0] == system)
    return any((not bar or system == one[0]) and (not code or code == one[1]) for one in codings(type, value))


def texts(value: Any) -> list[str]:
    """The parts of a string, name or address."""
    parts = [value] if isinstance(value, str) else []
    if isinstance(value, dict):
        for name in ("family", "given", "prefix", "suffix", "text", "city", "line", "district", "state",
                     "postalCode", "country"):  # fmt: skip
            part = value.get(name, [])
            parts += part if isinstance(part, list) else [part]
    return parts


def string(modifier: str, found: Typed, wanted: str) -> bool:
    parts = texts(found[1])
    if modifier == "exact":
        return wanted in parts
    if modifier == "contains":
        return any(plain(wanted) in plain(part) for part in parts)
    return any(plain(part).startswith(plain(wanted)) for part in parts)


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return re.sub(r"\s+", " ", "".join(one for one in letters if not unicodedata.combining(one)).casefold()).strip()


def reference(modifier: str, found: Typed, wanted: str) -> bool:
    value = found[1]
    if modifier == "identifier":
        return (
            isinstance(value, dict) and "identifier" in value and token("", ("Identifier", value["identifier"]), wanted)
        )
    said = value.get("reference", "") if isinstance(value, dict) else value
    type = modifier or None
    if "://" in said or "://" in wanted:
        return said == wanted
    if "/" in wanted:
        type, wanted = wanted.split("/")
    parts = said.split("/")
    return len(parts) == 2 and parts[1] == wanted and (type is None or type == parts[0])


def uri(modifier: str, found: Typed, wanted: str) -> bool:
    if modifier == "below":
        return found[1].startswith(wanted)
    if modifier == "above":
        return wanted.startswith(found[1])
    return wanted in (found[1], found[1].split("|")[0])


def prefixed(wanted: str) -> tuple[str, str]:
    return (wanted[:2], wanted[2:]) if wanted[:2] in PREFIXES else ("eq", wanted)


def moments(text: str) -> tuple[datetime, datetime]:
    """First moment, and first moment after."""
    if re.fullmatch(r"\d{4}", text):
        return datetime(int(text), 1, 1, tzinfo=UTC), datetime(int(text) + 1, 1, 1, tzinfo=UTC)
    if re.fullmatch(r"\d{4}-\d\d", text):
        year, month = map(int, text.split("-"))
        return datetime(year, month, 1, tzinfo=UTC), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    if "T" not in text:
        day = datetime.fromisoformat(text).replace(tzinfo=UTC)
        return day, day + timedelta(days=1)
    moment = datetime.fromisoformat(text)
    length = (
        timedelta(milliseconds=1)
        if "." in text
        else timedelta(seconds=1)
        if text.count(":") > 1 + ("+" in text)
        else timedelta(minutes=1)
    )
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), moment + length


def extent(value: Any) -> tuple[datetime, datetime]:
    """From the first moment of a date or Period to the first after it."""
    if not isinstance(value, dict):
        return moments(value)
    low = moments(value["start"])[0] if "start" in value else NEVER
    return low, moments(value["end"])[1] if "end" in value else FOREVER


def date(modifier: str, found: Typed, wanted: str) -> bool:
    value = found[1]
    if isinstance(value, dict) and not {"start", "end"} & set(value):
        return False
    low, high = extent(value)
    prefix, text = prefixed(wanted)
    start, end = moments(text)
    if prefix == "ap":
        now = datetime.now(UTC)
        margin = max(start - now, now - end, timedelta()) / 10
        return low < end + margin and start - margin < high
    return related(prefix, low, high, start, end)


def related(prefix: str, low: Any, high: Any, start: Any, end: Any) -> bool:
    """How [low, high) relates to [start, end)."""
    within = start <= low and high <= end
    return {
        "eq": within,
        "ne": not within,
        "gt": high > end,
        "lt": low < start,
        "ge": high > end or within,
        "le": low < start or within,
        "sa": low >= end,
        "eb": high <= start,
    }[prefix]


def compared(prefix: str, value: Decimal, text: str, factor: Decimal = Decimal(1)) -> bool:
    """A number against the text of a number, which says how exact it is; both times the factor of its unit."""
    wanted = Decimal(text)
    if prefix == "ap":
        return abs(value - wanted * factor) <= abs(wanted * factor) / 10
    exponent = wanted.as_tuple().exponent
    half = Decimal(1).scaleb(exponent - (exponent > 0)) / 2
    within = (wanted - half) * factor <= value < (wanted + half) * factor
    exact = wanted * factor
    return {
        "eq": within,
        "ne": not within,
        "gt": value > exact,
        "lt": value < exact,
        "ge": value >= exact,
        "le": value <= exact,
        "sa": value > exact,
        "eb": value < exact,
    }[prefix]


def number(modifier: str, found: Typed, wanted: str) -> bool:
    prefix, text = prefixed(wanted)
    return compared(prefix, Decimal(found[1]), text)


def quantity(modifier: str, found: Typed, wanted: str) -> bool:
    value = found[1]
    if "value" not in value:
        return False
    amount = Decimal(value["value"])
    said, _, unit = wanted.partition("|")
    prefix, text = prefixed(said)
    system, _, code = unit.partition("|")
    if system == UCUM:
        if value.get("system") != UCUM or "code" not in value:
            return False
        factor = ucum.convert(Decimal(1), code, value["code"])
        return factor is not None and compared(prefix, amount, text, factor)
    if code and code not in (value.get("code"), value.get("unit")):
        return False
    return compared(prefix, amount, text)
