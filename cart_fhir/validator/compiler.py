"""StructureDefinition snapshot -> Schema: the flat list of ElementDefinitions becomes a tree with slices in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cart_fhir.validator.errata import EXPRESSIONS, LOOSE_BINDINGS
from cart_fhir.validator.schema import Binding, Constraint, Discriminator, Element, Json, Schema, Slicing, TypeRef

_FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
_MAX_VALUE_SET = "http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"
_BEST_PRACTICE = "http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"
_PROFILE_ELEMENT = "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element"
_SYSTEM = "http://hl7.org/fhirpath/System."
_ADDITIONAL = (
    "http://hl7.org/fhir/tools/StructureDefinition/additional-binding",
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional",
)
_R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition."


def compile_schema(definition: Json, lineage: tuple[str, ...], many: frozenset[str]) -> Schema:
    """The schema of a StructureDefinition with snapshot; `lineage` are the URLs of its bases, nearest first.

    `many` names the base paths that are arrays in JSON, for snapshots that leave `base` out.
    """
    url = definition.get("url", "")
    version = definition.get("version", "")
    label = f"{url}|{version}" if version else url
    root: Element | None = None
    by_id: dict[str, Element] = {}
    for entry in definition.get("snapshot", {}).get("element", ()):
        element = _element(entry, label, many)
        if root is None:
            root = element
            by_id[element.id] = element
            continue
        _place(element, by_id)
    if root is None:
        root = Element(definition.get("type", ""), definition.get("type", ""), definition.get("type", ""))
    return Schema(
        url,
        version,
        definition.get("type", ""),
        definition.get("kind", ""),
        definition.get("derivation", "specialization"),
        bool(definition.get("abstract")),
        definition.get("name", ""),
        root,
        (url, *lineage),
        definition,
    )


def _place(element: Element, by_id: dict[str, Element]) -> None:
    """Hang the element into the tree: below its parent, or beside what it slices."""
    identity = element.id
    head, _, last = identity.rpartition(".")
    if ":" in last:
        sliced = by_id.get(_unslice(identity))
        if sliced is not None:
            by_id[identity] = element
            if "/" in last and (parent := by_id.get(identity.rpartition("/")[0])) is not None:
                parent.slices.append(element)
            else:
                sliced.slices.append(element)
            return
    parent = by_id.get(head)
    if parent is None:
        return
    by_id[identity] = element
    if element.choice is False and (typed := _typed_choice(element, parent)) is not None:
        typed.slices.append(element)
        return
    parent.children[element.name] = element


def _unslice(identity: str) -> str:
    """`Observation.component:code` -> `Observation.component`: only the last part loses its slice name."""
    head, _, last = identity.rpartition(".")
    return f"{head}.{last.partition(':')[0]}"


def _typed_choice(element: Element, parent: Element) -> Element | None:
    """The choice `value[x]` that an element written as `valueQuantity` narrows: the older way to slice by type."""
    for child in parent.children.values():
        if child.choice and element.name.startswith(child.name) and len(element.types) == 1:
            suffix = element.name[len(child.name) :]
            if suffix and suffix.lower() == element.types[0].code.lower():
                element.slice_name = element.slice_name or element.name
                element.name = child.name
                element.choice = True
                return child
    return None


def _element(entry: Json, profile: str, many: frozenset[str]) -> Element:
    path = entry.get("path", "")
    identity = entry.get("id") or path
    last = path.rpartition(".")[2]
    maximum = entry.get("max", "*")
    base = entry.get("base") or {}
    base_path = str(base.get("path", path))
    base_max = base.get("max")
    is_many = base_max not in ("0", "1") if base_max is not None else (maximum not in ("0", "1") or base_path in many)
    if base_max == "0":
        is_many = base_path in many
    slicing = entry.get("slicing")
    return Element(
        id=identity,
        path=path,
        name=last.removesuffix("[x]"),
        min=int(entry.get("min", 0)),
        max=None if maximum == "*" else int(maximum),
        many=is_many,
        choice=last.endswith("[x]"),
        types=tuple(_types(entry, path)),
        fixed=_value(entry, "fixed"),
        pattern=_value(entry, "pattern"),
        max_length=entry.get("maxLength"),
        min_value=_named(entry, "minValue"),
        max_value=_named(entry, "maxValue"),
        binding=_binding(entry.get("binding"), path),
        constraints=tuple(_constraint(each, profile) for each in entry.get("constraint", ()) if each.get("expression")),
        slicing=_slicing(slicing) if slicing else None,
        slice_name=entry.get("sliceName", ""),
        content=entry.get("contentReference", "").rpartition("#")[2],
        must_have_value=bool(entry.get("mustHaveValue") or _extension(entry, _R5 + "mustHaveValue", "valueBoolean")),
        value_alternatives=tuple(
            each.get("valueCanonical", each.get("valueUri", ""))
            for each in entry.get("extension", ())
            if each.get("url") == _R5 + "valueAlternatives"
        )
        + tuple(entry.get("valueAlternatives", ())),
        profile=profile,
        extensions=tuple(entry.get("extension", ())),
        base_path=base_path,
    )


def _types(entry: Json, path: str) -> Iterator[TypeRef]:
    for each in entry.get("type", ()):
        code = each.get("code", "")
        if code.startswith(_SYSTEM):
            code = _extension(each, _FHIR_TYPE, "valueUrl", "valueUri") or code.removeprefix(_SYSTEM).lower()
        if path.endswith(".id") and path.count(".") == 1 and code == "string" and path[0].isupper():
            code = "id" if entry.get("base", {}).get("path") == "Resource.id" else code
        yield TypeRef(
            code,
            tuple(_profiles(each)),
            tuple(each.get("targetProfile", ())),
            tuple(each.get("aggregation", ())),
            each.get("versioning", ""),
        )


def _profiles(entry: Json) -> Iterator[str]:
    """The profiles of a type; `url#element` where the profile is one element of a definition (a section, a part)."""
    beside = entry.get("_profile", ())
    for index, url in enumerate(entry.get("profile", ())):
        extra = beside[index] if index < len(beside) else None
        part = _extension(extra, _PROFILE_ELEMENT, "valueString") if isinstance(extra, dict) else None
        yield f"{url}#{part}" if part else url


def _binding(binding: Json | None, path: str) -> Binding | None:
    if not binding:
        return None
    value_set = binding.get("valueSet") or binding.get("valueSetUri") or ""
    if (path, value_set.partition("|")[0]) in LOOSE_BINDINGS:
        return Binding("preferred", value_set)
    maximum = _extension(binding, _MAX_VALUE_SET, "valueCanonical", "valueUri", "valueReference") or ""
    return Binding(binding.get("strength", "example"), value_set, maximum, tuple(_additional(binding)))


def _additional(binding: Json) -> Iterator[tuple[str, str]]:
    """Purpose and value set of additional bindings that hold always; R5's element, used in R4 as an extension."""
    for each in binding.get("extension", ()):
        parts = {part.get("url"): part for part in each.get("extension", ()) if isinstance(part, dict)}
        if each.get("url") in _ADDITIONAL and not {"usage", "any"} & parts.keys():
            purpose, url = parts.get("purpose", {}).get("valueCode"), parts.get("valueSet", {}).get("valueCanonical")
            if isinstance(purpose, str) and isinstance(url, str):
                yield purpose, url


def _constraint(entry: Json, profile: str) -> Constraint:
    return Constraint(
        entry.get("key", ""),
        entry.get("severity", "error"),
        entry.get("human", ""),
        str(EXPRESSIONS.get(entry["expression"], entry["expression"])),
        entry.get("source", "") or profile,
        bool(_extension(entry, _BEST_PRACTICE, "valueBoolean")),
    )


def _slicing(entry: Json) -> Slicing:
    found = tuple(
        Discriminator(each.get("type", "value"), each.get("path", "$this")) for each in entry.get("discriminator", ())
    )
    return Slicing(found, entry.get("rules", "open"), bool(entry.get("ordered")))


def _value(entry: Json, prefix: str) -> Any:
    """The value of `fixed[x]` or `pattern[x]`, None when there is none."""
    for key, value in entry.items():
        if key.startswith(prefix) and key[len(prefix) : len(prefix) + 1].isupper():
            return value
    return None


def _named(entry: Json, prefix: str) -> Any:
    """The value of `minValue[x]` or `maxValue[x]` with the name of its type, None when there is none."""
    for key, value in entry.items():
        if key.startswith(prefix) and len(key) > len(prefix):
            return (key[len(prefix) :], value)
    return None


def _extension(entry: Json, url: str, *names: str) -> Any:
    for each in entry.get("extension", ()):
        if each.get("url") == url:
            for name in names:
                if name in each:
                    return each[name]
    return None
