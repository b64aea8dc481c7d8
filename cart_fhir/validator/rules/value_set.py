"""ValueSets as data: what they include is there, their filters mean something, their versions are those at hand.

https://hl7.org/fhir/R4/valueset.html. That an include names a system or value sets, and not both codes and filters, are
invariants (vsd-1 to vsd-3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.definitions import syntactic
from cart_fhir.definitions.filters import NotFilterable, passing
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.definitions.code_system import CodeSystem
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
# https://hl7.org/fhir/R4/valueset-filter-operator.html: those that look at the place of a concept take its code.
_BY_PLACE = ("is-a", "descendent-of", "is-not-a", "generalizes")
# https://hl7.org/fhir/R4/codesystem.html#defined-props: what can be filtered without being declared.
_IMPLICIT = frozenset(("concept", "code", "parent", "child", "display", "status", "inactive", "notSelectable"))


def check(resource: Json, context: Context) -> Found:
    """Each include and exclude against the systems and value sets at hand."""
    compose = resource.get("compose")
    if not isinstance(compose, dict):
        if "expansion" in resource or "compose" in resource:
            return None
        text = "The value set has neither a definition of its codes (compose) nor a list of them (expansion)."
        return one("value-set", text, severity="warning")
    found: Found = None
    for part in ("include", "exclude"):
        items = compose.get(part)
        for index, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                place = (f"{part}[{index}]", "compose")
                found = join(found, _sets(item, place, resource, context))
                found = join(found, _system(item, place, context))
    return found


def _sets(item: Json, place: tuple[str, ...], resource: Json, context: Context) -> Found:
    """The value sets that are imported are at hand, and are not the value set itself."""
    found: Found = None
    urls = item.get("valueSet")
    for index, url in enumerate(urls if isinstance(urls, list) else []):
        if not isinstance(url, str):
            continue
        if url.partition("|")[0] == resource.get("url"):
            found = join(found, one("value-set", "The value set includes itself.", f"valueSet[{index}]", *place))
        elif context.program.terminology.value_set(url) is None:
            context.note(
                "code-system-unknown", f"What is taken from the value set {url} was not checked: it is not at hand."
            )
    return found


def _system(item: Json, place: tuple[str, ...], context: Context) -> Found:
    """Codes and filters against the code system, when it is here."""
    url = item.get("system")
    if not isinstance(url, str):
        return None
    if ":" not in url and not url.startswith("#"):
        return one("value-set", f"The system must be an absolute URI, but is {shown(url)}.", *place)
    found = _twice(item, place)
    terminology, version = context.program.terminology, item.get("version")
    if terminology.code_system(url) is None and context.program.registry.value_set(url) is not None:
        return join(found, one("value-set", f"{url} is a value set, not a code system: give it in 'valueSet'.", *place))
    system = terminology.code_system(url)
    if system is None or system.content in ("not-present", "example"):
        if syntactic.is_known(url):
            return join(found, _forms(item, place, url))
        context.note("code-system-unknown", f"What is taken from {url} was not checked: the system is not at hand.")
        return found
    if isinstance(version, str):
        exact = terminology.code_system(f"{url}|{version}")
        if exact is None:
            text = (
                f"The version {version} of {url} is not at hand; codes were checked against {system.version or 'one'}."
            )
            found = join(found, one("value-set", text, "version", *place, severity="warning"))
        system = exact or system
    if system.content == "supplement":
        text = f"{url} is a supplement: codes come from the code system that it supplements."
        return join(found, one("value-set", text, "system", *place))
    found = join(found, _codes(item, place, system))
    return join(found, _filters(item, place, system, _properties(system, context)))


def _properties(system: CodeSystem, context: Context) -> frozenset[str]:
    """What filters on a code system may name: properties and filters that it declares, and those its concepts have."""
    said = context.program.registry.code_system(system.url) or {}
    declared = [each.get("code") for key in ("property", "filter") for each in dicts(said.get(key))]
    used = (name for concept in system.concepts.values() for name in concept.properties)
    return _IMPLICIT.union((name for name in declared if isinstance(name, str)), used)


def _twice(item: Json, place: tuple[str, ...]) -> Found:
    found: Found = None
    seen: set[str] = set()
    for index, code in _listed(item):
        if code in seen:
            text = f"The code {shown(code)} is listed twice."
            found = join(found, one("value-set", text, f"concept[{index}]", *place, severity="warning"))
        seen.add(code)
    return found


def _listed(item: Json) -> list[tuple[int, str]]:
    concepts = item.get("concept")
    return [
        (index, each["code"])
        for index, each in enumerate(concepts if isinstance(concepts, list) else [])
        if isinstance(each, dict) and isinstance(each.get("code"), str)
    ]


def _forms(item: Json, place: tuple[str, ...], url: str) -> Found:
    """Codes of systems that are known by their grammar (UCUM, languages, media types)."""
    found: Found = None
    for index, code in _listed(item):
        if syntactic.check(url, code) is False:
            found = join(found, _no_code(code, url, (f"concept[{index}]", *place)))
    return found


def _no_code(code: str, url: str, steps: tuple[str, ...]) -> Found:
    return one("value-set", f"The code {shown(code)} is not in {url}.", "code", *steps, severity="warning")


def _codes(item: Json, place: tuple[str, ...], system: CodeSystem) -> Found:
    found: Found = None
    for index, code in _listed(item):
        if system.is_complete and system.get(code) is None:
            found = join(found, _no_code(code, system.url, (f"concept[{index}]", *place)))
    return found


def _filters(item: Json, place: tuple[str, ...], system: CodeSystem, names: frozenset[str]) -> Found:
    """Each filter is about a property of the system and can be applied; together they leave something."""
    filters = item.get("filter")
    if not isinstance(filters, list) or not all(isinstance(each, dict) for each in filters) or not filters:
        return None
    found: Found = None
    for index, each in enumerate(filters):
        found = join(found, _filter(each, (f"filter[{index}]", *place), system, names))
    if found or not system.is_complete:
        return found
    try:
        test = passing(filters, system)
    except NotFilterable:  # a filter without its parts, which the structure rules have told
        return None
    if any(test(concept) for concept in system.concepts.values()):
        return None
    return one("value-set", f"The filters leave no code of {system.url}.", *place, severity="warning")


def _filter(each: Json, place: tuple[str, ...], system: CodeSystem, names: frozenset[str]) -> Found:
    name, operator, value = each.get("property"), each.get("op"), each.get("value")
    if not (isinstance(name, str) and isinstance(operator, str) and isinstance(value, str)):
        return None
    if system.is_complete and name not in names:
        text = f"{system.url} has no property or filter {shown(name)}."
        return one("value-set", text, "property", *place, severity="warning")
    try:
        passing([each], system)
    except NotFilterable as problem:
        text = f"This cannot be applied to {system.url}: {problem}."
        return one("value-set", text, *place, severity="error" if operator == "regex" else "warning")
    if operator in _BY_PLACE and system.is_complete and system.get(value) is None:
        return one("value-set", f"The filter looks for {shown(value)}, which is not in {system.url}.", *place)
    return None
