"""One answer of a QuestionnaireResponse: of the type asked for, among the options, within the bounds.

https://hl7.org/fhir/R4/questionnaire.html#type, and the extensions that R4 defines for bounds
(https://hl7.org/fhir/R4/questionnaire-profiles.html).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.bundle_index import rest_parts
from cart_fhir.validator.findings import Found, join, lift, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.rules.values import compare

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
_EXTENSION = "http://hl7.org/fhir/StructureDefinition/"
MIN_OCCURS = "questionnaire-minOccurs"
MAX_OCCURS = "questionnaire-maxOccurs"
_TYPES = {
    "boolean": ("Boolean",),
    "decimal": ("Decimal",),
    "integer": ("Integer",),
    "date": ("Date",),
    "dateTime": ("DateTime",),
    "time": ("Time",),
    "string": ("String",),
    "text": ("String",),
    "url": ("Uri",),
    "choice": ("Coding", "String", "Integer", "Date", "Time", "Reference"),
    "open-choice": ("Coding", "String", "Integer", "Date", "Time", "Reference"),
    "attachment": ("Attachment",),
    "reference": ("Reference",),
    "quantity": ("Quantity",),
}
_COMPLEX = frozenset(("Coding", "Reference", "Attachment", "Quantity"))


def check(answer: Json, question: Json, questionnaire: Json, context: Context) -> Found:
    """All that a question says of one of its answers."""
    kind = str(question.get("type"))
    key = next((key for key in answer if key.startswith("value")), None)
    if key is None or kind not in _TYPES:
        return None
    given = key.removeprefix("value")
    step = f"value.ofType({given if given in _COMPLEX else given[:1].lower() + given[1:]})"
    if given not in _TYPES[kind]:
        names = " or ".join(_TYPES[kind])
        return one("answer", f"The question asks for {kind} ({names}), but the answer is of type {given}.", step)
    value = answer[key]
    found = join(_bounds(value, question, given), _kind_of(value, question, given))
    return join(lift(found, step) if found else None, _option(value, given, question, questionnaire, context))


def setting(question: Json, name: str) -> Any:
    """The value of one of R4's extensions on a question; None when it does not have it."""
    for each in dicts(question.get("extension")):
        if each.get("url") == _EXTENSION + name:
            return next((value for key, value in each.items() if key.startswith("value")), None)
    return None


def _bounds(value: Any, question: Json, given: str) -> Found:
    """Length, least and greatest value, decimal places."""
    found: Found = None
    longest, shortest = question.get("maxLength"), setting(question, "minLength")
    if isinstance(value, str) and isinstance(longest, int) and len(value) > longest:
        found = one("answer", f"The answer has {len(value)} characters; at most {longest} are allowed.")
    if isinstance(value, str) and isinstance(shortest, int) and len(value) < shortest:
        found = one("answer", f"The answer has {len(value)} characters; at least {shortest} are needed.")
    least, most = setting(question, "minValue"), setting(question, "maxValue")
    if least is not None and (compare(value, least, given) or 0) < 0:
        found = join(found, one("answer", f"The answer {shown(value)} is less than the least allowed, {least}."))
    if most is not None and (compare(value, most, given) or 0) > 0:
        found = join(found, one("answer", f"The answer {shown(value)} is more than the greatest allowed, {most}."))
    places = setting(question, "maxDecimalPlaces")
    if isinstance(value, Decimal) and isinstance(places, int) and value.is_finite():
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            text = f"The answer {value} has {-exponent} decimal places; at most {places} are allowed."
            found = join(found, one("answer", text))
    return found


def _kind_of(value: Any, question: Json, given: str) -> Found:
    """What a reference may point to, and an attachment may be."""
    if not isinstance(value, dict):
        return None
    if given == "Reference":
        wanted = _codes(question, "questionnaire-referenceResource")
        reference = value.get("reference")
        parts = rest_parts(reference) if isinstance(reference, str) else None
        kind = parts[1] if parts else value.get("type")
        if wanted and isinstance(kind, str) and kind not in wanted:
            return one("answer", f"The answer refers to a {kind}; the question asks for {' or '.join(wanted)}.")
    if given == "Attachment":
        wanted, kind = _codes(question, "mimeType"), value.get("contentType")
        if wanted and kind not in wanted:
            found = one(
                "answer", f"The attachment is of type {shown(kind)}; the question asks for {' or '.join(wanted)}."
            )
        else:
            found = None
        most, size = setting(question, "maxSize"), value.get("size")
        if isinstance(most, int | Decimal) and isinstance(size, int) and size > most * 1024 * 1024:
            found = join(found, one("answer", f"The attachment has {size} bytes; at most {most} MB are allowed."))
        return found
    return None


def _codes(question: Json, name: str) -> list[str]:
    """The codes of a repeating extension of a question."""
    found = (each.get("valueCode") for each in dicts(question.get("extension")) if each.get("url") == _EXTENSION + name)
    return [code for code in found if isinstance(code, str)]


def _option(value: Any, given: str, question: Json, questionnaire: Json, context: Context) -> Found:
    """The answer is among the options, or in the value set; free text is always an answer to an open choice."""
    if question.get("type") == "open-choice" and given == "String":
        return None
    options = [
        option
        for each in dicts(question.get("answerOption"))
        for key, option in each.items()
        if key.startswith("value")
    ]
    if options and not any(_same(value, option) for option in options):
        return one("answer", f"The answer {_words(value)} is not one of the options.")
    url = question.get("answerValueSet")
    if not isinstance(url, str) or given != "Coding" or not isinstance(value, dict):
        return None
    if url.startswith("#"):
        return _listed(value, url, questionnaire, context)
    system, code = value.get("system"), value.get("code")
    if not isinstance(code, str) or not isinstance(system, str):
        return None
    known = context.program.value_sets.member(url, system, code)
    if known is None:
        context.note("value-set-not-checked", f"Answers were not checked against {url}.")
    return one("answer", f"The answer {_words(value)} is not in the value set {url}.") if known is False else None


def _listed(value: Json, url: str, questionnaire: Json, context: Context) -> Found:
    """Against a value set inside the questionnaire, as far as it lists its codes."""
    inside = next((each for each in dicts(questionnaire.get("contained")) if each.get("id") == url[1:]), {})
    compose = inside.get("compose")
    includes = dicts(compose.get("include")) if isinstance(compose, dict) else []
    if not includes or not all(
        set(each) <= {"system", "concept", "version"} and "concept" in each for each in includes
    ):
        context.note("value-set-not-checked", f"Answers were not checked against {url} of the questionnaire.")
        return None
    listed = {(each.get("system"), concept.get("code")) for each in includes for concept in dicts(each.get("concept"))}
    if (value.get("system"), value.get("code")) in listed or "exclude" in (compose or {}):
        return None
    return one("answer", f"The answer {_words(value)} is not in the value set {url} of the questionnaire.")


def _same(value: Any, option: Any) -> bool:
    if isinstance(value, dict) and isinstance(option, dict):
        names = ("code", "system") if "code" in option else ("reference", "display")
        return all(value.get(name) == option.get(name) for name in names if name in option)
    return bool(value == option)


def _words(value: Any) -> str:
    return shown(value.get("code") or value.get("display") or "") if isinstance(value, dict) else shown(value)
