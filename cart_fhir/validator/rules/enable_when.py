"""Whether a question is to be asked, by the answers given so far: Questionnaire.item.enableWhen.

https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.values import compare, same

Json = dict[str, Any]


def enabled(question: Json, holders: tuple[Json, ...]) -> bool | None:
    """True when the question is to be asked; None when that cannot be told.

    `holders` are the items and answers around the place of the question, innermost first, the response last.
    """
    conditions = dicts(question.get("enableWhen"))
    if not conditions:
        return True
    results = [_holds(each, holders) for each in conditions]
    if question.get("enableBehavior") == "any":
        return True if True in results else None if None in results else False
    return False if False in results else None if None in results else True


def _holds(condition: Json, holders: tuple[Json, ...]) -> bool | None:
    wanted = _value(condition, "answer")
    name = condition.get("question")
    if wanted is None or not isinstance(name, str):
        return None
    answers = next((found for each in holders if (found := list(_answers(each, name, 0)))), [])
    operator = condition.get("operator")
    if operator == "exists":
        return bool(answers) is wanted[1]
    results = [_compares(given, wanted, operator) for given in answers]
    return True if True in results else None if None in results else False


def _value(holder: Json, prefix: str) -> tuple[str, Any] | None:
    """The type and value of a choice: `answerCoding` of a condition, `valueCoding` of an answer."""
    return next(((key.removeprefix(prefix), each) for key, each in holder.items() if key.startswith(prefix)), None)


def _answers(holder: Json, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    """The answers to a question below an item or answer, at any depth."""
    for item in dicts(holder.get("item")) if depth < 100 else ():
        for answer in dicts(item.get("answer")):
            if item.get("linkId") == name and (value := _value(answer, "value")) is not None:
                yield value
            yield from _answers(answer, name, depth + 1)
        yield from _answers(item, name, depth + 1)


def _compares(given: tuple[str, Any], wanted: tuple[str, Any], operator: Any) -> bool | None:
    """An answer against the value of a condition; None when the two cannot be compared."""
    kind, value = given
    limit = wanted[1]
    if operator in ("=", "!="):
        return _is_same(value, limit) is (operator == "=")
    order = compare(value, limit, kind)
    if order is None:
        return None
    return {">": order > 0, "<": order < 0, ">=": order >= 0, "<=": order <= 0}.get(str(operator))


def _is_same(value: Any, wanted: Any) -> bool:
    """Codings by system and code, references by their target, quantities by amount and unit, the rest as they are."""
    if not isinstance(value, dict) or not isinstance(wanted, dict):
        return same(value, wanted)
    if "value" in wanted:
        return compare(value, wanted, "Quantity") == 0
    names = ("system", "code") if "code" in wanted else ("reference",)
    return all(value.get(name) == wanted.get(name) for name in names)
