"""Bindings: codes come from the value set that the element names, as strictly as it says.

https://hl7.org/fhir/R4/terminologies.html#strength. A value set that cannot be known offline is said as information.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.primitives import shown
from cart_fhir.validator.schema import Binding, Element
from cart_fhir.validator.shapes import Rule

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context
    from cart_fhir.validator.program import Program

_CODED = (
    "code",
    "Coding",
    "CodeableConcept",
    "Quantity",
    "string",
    "uri",
    "Age",
    "Duration",
    "Distance",
    "Count",
    "Money",
)
_STRICT = ("required", "extensible")
_CHECKED = ("required", "maximum", "extensible")  # purposes of additional bindings


def of(program: Program, element: Element, code: str) -> Rule | None:
    """The rule of an element's bindings in one of its types; None when nothing is bound strictly enough to check."""
    bound = element.binding
    if bound is None or code not in _CODED:
        return None
    rule = _main(program, element, bound, code)
    for purpose, url in bound.additional:
        if purpose in _CHECKED:
            further = _check(program, element, url, purpose, code)
            rule = further if rule is None else _also(rule, further)
    return rule


def _main(program: Program, element: Element, bound: Binding, code: str) -> Rule | None:
    """The rule of the binding itself, with its maximum."""
    if bound.strength not in _STRICT or not bound.value_set:
        return _maximum(program, element, bound, code) if bound.maximum else None
    if bound.strength == "extensible" and _prescribed(program, element):
        return _maximum(program, element, bound, code) if bound.maximum else None
    rule = _check(program, element, bound.value_set, bound.strength, code)
    if bound.maximum and bound.strength == "extensible":
        return _both(rule, _check(program, element, bound.maximum, "maximum", code))
    return rule


def _prescribed(program: Program, element: Element) -> bool:
    """True where the profile itself demands a code from outside: that no code of the set fits was its author's call.

    Whoever writes the resource could do nothing about a warning, and any other code is an error of the pattern.
    """
    wanted = element.fixed or element.pattern
    if element.binding is None or not wanted:
        return False
    return member(program, element.binding.value_set, wanted) is False


def given(element: Element) -> Rule | None:
    """A code that is bound as required must be there: an extension in its place is no code of the value set."""
    bound = element.binding
    if bound is None or bound.strength != "required" or "code" not in element.codes:
        return None
    url = bound.value_set

    def check(value: Any, context: Context) -> Found:
        text = f"There is no code, and a code from the value set {url} is required."
        return one("binding-required", text, profile=element.profile, definition=element.id)

    return check


def _maximum(program: Program, element: Element, bound: Binding, code: str) -> Rule:
    return _check(program, element, bound.maximum, "maximum", code)


def _both(first: Rule, second: Rule) -> Rule:
    return lambda value, context: second(value, context) or first(value, context)


def _also(first: Rule, second: Rule) -> Rule:
    return lambda value, context: join(first(value, context), second(value, context))


def _check(program: Program, element: Element, url: str, strength: str, code: str) -> Rule:
    if code in ("code", "string", "uri"):
        return _code(program, element, url, strength)
    if code == "CodeableConcept":
        return _concept(program, element, url, strength)
    return _single(program, element, url, strength, "The code" if code == "Coding" else "The unit")


def _told(element: Element, url: str, strength: str, what: str) -> Found:
    if strength == "extensible":
        text = f"{what} is not in the value set {url}, which should be used when it has a suitable code (extensible)."
        return one("binding-extensible", text, profile=element.profile, definition=element.id)
    word = "maximum" if strength == "maximum" else "required"
    text = f"{what} is not in the value set {url}, and a code from it is {word}."
    rule = "binding-maximum" if strength == "maximum" else "binding-required"
    return one(rule, text, profile=element.profile, definition=element.id)


def _unknown(program: Program, context: Context, url: str) -> None:
    context.note("value-set-not-checked", f"Codes were not checked against {url}: {program.value_sets.why(url)}.")


def _code(program: Program, element: Element, url: str, strength: str) -> Rule:
    answers = program.value_sets.answers(url)

    def check(value: Any, context: Context) -> Found:
        if type(value) is not str:
            return None
        answer = answers.get((None, value)) or program.value_sets.member(url, None, value)
        if answer:
            return None
        if answer is None:
            _unknown(program, context, url)
            return None
        return _told(element, url, strength, f"The code {shown(value)}")

    return check


def _named(coding: dict[str, Any]) -> str:
    return f"{coding.get('system', '(no system)')}#{coding.get('code', '(no code)')}"


def member(program: Program, url: str, value: Any) -> bool | None:
    """Membership of a code, Coding, Quantity or CodeableConcept, as memberOf() asks; any code of a concept will do."""
    if isinstance(value, str):
        return program.value_sets.member(url, None, value)
    codings = value.get("coding", [value]) if isinstance(value, dict) else []
    answers = [_member(program, url, each) for each in codings] if isinstance(codings, list) else []
    return True if True in answers else None if None in answers else False


def _member(program: Program, url: str, coding: Any) -> bool | None:
    """Membership of one Coding; False without a code or a system."""
    if type(coding) is not dict:
        return False
    code, system = coding.get("code"), coding.get("system")
    if not isinstance(code, str) or not isinstance(system, str):
        return False
    return program.value_sets.member(url, system, code)


def _concept(program: Program, element: Element, url: str, strength: str) -> Rule:
    # What is only preferred may be said in words; the maximum is about codes that are given.
    loose = strength == "maximum" and element.binding is not None and element.binding.strength not in _STRICT

    def check(value: Any, context: Context) -> Found:
        codings = value.get("coding") if type(value) is dict else None
        if type(codings) is not list or not codings:
            if strength == "extensible" or loose or type(value) is not dict or not value:
                return None
            if "coding" not in value and "text" not in value and set(value) <= {"id", "extension"}:
                return None
            return _told(element, url, strength, "The concept has no code, so it")
        unknown = False
        for coding in codings:
            answer = _member(program, url, coding)
            if answer:
                return None
            unknown = unknown or answer is None
        if unknown:
            _unknown(program, context, url)
            return None
        names = ", ".join(_named(coding) for coding in codings if isinstance(coding, dict))
        return _told(
            element, url, strength, f"None of the codes ({names})" if len(codings) > 1 else f"The code {names}"
        )

    return check


def _single(program: Program, element: Element, url: str, strength: str, word: str) -> Rule:
    def check(value: Any, context: Context) -> Found:
        if type(value) is not dict or ("code" not in value and "system" not in value):
            return None
        answer = _member(program, url, value)
        if answer:
            return None
        if answer is None:
            _unknown(program, context, url)
            return None
        return _told(element, url, strength, f"{word} {_named(value)}")

    return check
