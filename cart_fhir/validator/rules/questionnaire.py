"""Questionnaires as data: conditions lead to questions that can be asked before, and compare what those questions give.

https://hl7.org/fhir/R4/questionnaire.html. The shape of items (unique linkIds, items of groups, options of choices) is
held by the invariants que-1 to que-13.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, one
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
Steps = tuple[str, ...]


def check(questionnaire: Json, context: Context) -> Found:
    """Every condition of every item."""
    questions = list(_questions(questionnaire, (), 0))
    order = {str(item.get("linkId")): number for number, (item, _) in enumerate(questions)}
    found: Found = None
    for number, (item, steps) in enumerate(questions):
        for each in dicts(item.get("enableWhen")):
            found = join(found, _condition(each, item, number, steps, order))
        url = item.get("answerValueSet")
        if isinstance(url, str) and not url.startswith("#") and context.program.terminology.value_set(url) is None:
            context.note("code-system-unknown", f"The answers from {url} were not checked: it is not at hand.")
    return found


def _questions(holder: Json, steps: Steps, depth: int) -> Iterator[tuple[Json, Steps]]:
    """Every item in the order asked, with the way to it (innermost step first)."""
    items = holder.get("item")
    for index, each in enumerate(items if isinstance(items, list) and depth < 100 else ()):
        if isinstance(each, dict):
            here = (f"item[{index}]", *steps)
            yield each, here
            yield from _questions(each, here, depth + 1)


def _condition(condition: Json, item: Json, number: int, steps: Steps, order: dict[str, int]) -> Found:
    """The question of a condition is there, is another one, is not asked within the item, and comes before it."""
    target, name = condition.get("question"), str(item.get("linkId"))
    if not isinstance(target, str):
        return None
    if target == name:
        return one("questionnaire", f"The item {shown(name)} cannot be enabled by its own answer.", *steps)
    if target not in order:
        text = f"The item {shown(name)} is enabled by {shown(target)}, which the questionnaire does not ask."
        return one("questionnaire", text, *steps)
    if any(each.get("linkId") == target for each, _ in _questions(item, (), 0)):
        text = f"The item {shown(name)} is enabled by {shown(target)}, which is asked within it."
        return one("questionnaire", text, *steps)
    if order[target] > number:
        text = f"The item {shown(name)} is enabled by {shown(target)}, which is asked only after it."
        return one("questionnaire", text, *steps, severity="warning")
    return None
