"""What the datatypes demand wherever they occur, beyond their definition: codings, quantities, attachments, references.

https://hl7.org/fhir/R4/datatypes.html, https://hl7.org/fhir/R4/references.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from cart_fhir.definitions import ucum
from cart_fhir.validator.bundle_index import rest_parts
from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules import display as display_rule
from cart_fhir.validator.rules import narrative, security
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Element
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

UCUM = "http://unitsofmeasure.org"
_QUANTITIES = ("Quantity", "Age", "Duration", "Distance", "Count", "Money", "SimpleQuantity", "MoneyQuantity")


def of(program: Program, code: str) -> list[Rule]:
    """The rules of a complex datatype."""
    made: list[Rule] = []
    if code == "Coding":
        made.append(_coding(program))
    elif code in _QUANTITIES:
        made.append(_quantity)
    elif code == "Attachment":
        made.append(_attachment)
    elif code == "Reference":
        made.append(_reference)
    elif code == "Extension":
        made.append(_extension)
    elif code == "Narrative":
        made.append(narrative.check)
    elif code == "Identifier":
        made.append(_identifier)
    return made


def of_primitive(program: Program, code: str, element: Element) -> list[Rule]:
    """The rules of a primitive beyond its format."""
    if code == "string":
        return [security.text]
    if code == "markdown":
        return [security.markdown]
    if code == "canonical":
        return [_canonical]
    return []


def _coding(program: Program) -> Rule:
    """A Coding's system is absolute and a code system; its code exists there; its display is one of the code's."""
    seen: dict[tuple[Any, Any, Any], Found | display_rule.InLanguage] = {}

    def check(value: Any, context: Context) -> Found:
        key = (value.get("system"), value.get("code"), value.get("display"))
        try:
            found = seen[key]
        except KeyError:
            if len(seen) > 50_000:
                seen.clear()
            found = seen[key] = _coded(program, value)
        except TypeError:
            return None
        if not found:
            return None
        if callable(found):
            context.touched += 1
            return found(display_rule.language(context))
        return [each.copy() for each in found]

    return check


def _coded(program: Program, value: dict[str, Any]) -> Found | display_rule.InLanguage:
    system, code, display = value.get("system"), value.get("code"), value.get("display")
    if not isinstance(system, str):
        return None
    if ":" not in system:
        return one("coding-system", f"Coding.system must be an absolute URI, but is {shown(system)}.", "system")
    if program.registry.code_system(system) is None and program.registry.value_set(system) is not None:
        return one("coding-system", f"Coding.system names a value set, not a code system: {shown(system)}.", "system")
    definition = program.registry.code_system(system)
    if definition is not None and definition.get("content") == "supplement":
        text = (
            f"{shown(system)} supplements {shown(definition.get('supplements'))}, whose codes are used by that system."
        )
        return one("coding-system", text, "system")
    if not isinstance(code, str):
        return None
    known = program.terminology.lookup(system, code)
    if known is None:
        return _unknown_code(program, system, code)
    if isinstance(display, str) and display and system != UCUM:
        return display_rule.check(program, system, code, display)
    return None


def _unknown_code(program: Program, system: str, code: str) -> Found:
    """A code that a complete code system does not have."""
    definition = program.registry.code_system(system)
    if definition is None or definition.get("content") != "complete":
        return None
    return one("code-unknown", f"The code {shown(code)} is not in the code system {system}.", "code")


def _quantity(value: Any, context: Context) -> Found:
    """The system is absolute; a UCUM code must be one; a code needs a system (qty-3 says so too)."""
    system = value.get("system")
    if system != UCUM:
        if type(system) is str and "code" in value and ":" not in system:
            return one("coding-system", f"Quantity.system must be an absolute URI, but is {shown(system)}.")
        return None
    code = value.get("code")
    if type(code) is not str or not code or ucum.is_valid(code):
        return None
    text = f"{shown(code)} is not a valid UCUM unit."
    return one(
        "ucum",
        text,
        advice="Write the unit in UCUM, e.g. mg/dL, 10*6/L, {cells}/uL; the spelling for people goes in 'unit'.",
    )


def _attachment(value: Any, context: Context) -> Found:
    """The stated size and SHA-1 hash must be those of the data."""
    data = value.get("data")
    if type(data) is not str or ("size" not in value and "hash" not in value):
        return None
    try:
        raw = binascii.a2b_base64("".join(data.split()), strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    found: Found = None
    size = value.get("size")
    if isinstance(size, int) and size != len(raw):
        found = one("attachment-size", f"The stated size is {size} bytes, but the data has {len(raw)}.")
    stated = value.get("hash")
    if isinstance(stated, str):
        actual = base64.b64encode(hashlib.sha1(raw, usedforsecurity=False).digest()).decode()
        if stated.strip() != actual:
            found = join(
                found, one("attachment-hash", f"The stated SHA-1 hash is {shown(stated)}, but the data has '{actual}'.")
            )
    return found


def _identifier(value: Any, context: Context) -> Found:
    system = value.get("system")
    if isinstance(system, str) and system and ":" not in system:
        return one("identifier-system", f"Identifier.system must be an absolute URI, but is {shown(system)}.")
    return None


def _reference(value: Any, context: Context) -> Found:
    """A literal reference is `#id`, `Type/id`, an absolute URL or urn; what it points to inside must be there."""
    reference = value.get("reference")
    if type(reference) is not str or not reference:
        return None
    context.touched += 1
    if " " in reference:
        return one("reference-form", f"{shown(reference)} is not a reference: it contains a space.")
    if reference.startswith("#"):
        if context.contained(reference[1:]) is None:
            return one("reference-contained", f"There is no contained resource with the id {shown(reference[1:])}.")
        return _stated_type(value, reference, context)
    if reference.startswith("urn:") and context.bundle is not None and context.resolve(reference) is None:
        text = f"{shown(reference)} is not in the bundle, and nobody else can resolve it."
        return one("reference-unresolved", text, severity="error" if context.in_transaction else "warning")
    if ":" not in reference and "?" in reference:
        return _conditional(reference, context)
    if ":" not in reference and rest_parts(reference.partition("#")[0]) is None:
        text = f"{shown(reference)} is not a reference: expected Type/id, an absolute URL, urn:uuid:... or #id."
        return one("reference-form", text, severity="warning")
    return _stated_type(value, reference, context)


def _conditional(reference: str, context: Context) -> Found:
    """`Type?query` is resolved by the server that carries out a transaction, and by nobody else."""
    if context.in_transaction:
        return None
    text = f"{shown(reference)} is a conditional reference, which is for the entries of a transaction only."
    return one("reference-form", text)


def _stated_type(value: Any, reference: str, context: Context) -> Found:
    """What a reference says of the type of its target, in its own `type` and in its path, is so."""
    found = rest_parts(reference)
    stated = value.get("type")
    if type(stated) is not str and (context.bundle is None or found is None):
        return None
    target = context.resolve(reference)
    actual = target.get("resourceType") if target is not None else found[1] if found is not None else None
    if isinstance(actual, str) and found is not None and actual != found[1]:
        return one("reference-type", f"The reference {shown(reference)} leads to a {actual}.")
    if type(stated) is not str:
        return None
    if isinstance(actual, str) and stated != actual and context.program.is_resource(actual):
        return one("reference-type", f"The reference says its type is {stated}, but it points to a {actual}.")
    return None


def _canonical(value: Any, context: Context) -> Found:
    """A canonical that is a fragment names a contained resource."""
    if type(value) is not str or value[:1] != "#" or context.contained(value[1:]) is not None:
        return None
    return one("reference-contained", f"There is no contained resource with the id {shown(value[1:])}.")


_NOTHING: tuple[Any, ...] = (None, {}, [])


def _extension(value: Any, context: Context) -> Found:
    """ext-1: an extension has either a value or extensions."""
    has_value = any(key.startswith(("value", "_value")) and value[key] not in _NOTHING for key in value)
    if has_value != (value.get("extension", []) != []):
        return None
    words = "both a value and extensions" if has_value else "neither a value nor extensions"
    text = f"The extension has {words}; it must have one of them (ext-1)."
    return one("extension-content", text, definition="ext-1")
