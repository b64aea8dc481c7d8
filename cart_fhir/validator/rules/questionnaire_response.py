"""QuestionnaireResponses against their Questionnaire: known questions, in order, asked only when enabled, answered.

https://hl7.org/fhir/R4/questionnaireresponse.html#notes. The questionnaire is contained, or among the definitions.
What one answer must be is in `answer.py`, when a question is to be asked in `enable_when.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cart_fhir.issues import Severity
from cart_fhir.validator.findings import Found, join, lift, one
from cart_fhir.validator.rules import answer
from cart_fhir.validator.rules.code_system import dicts
from cart_fhir.validator.rules.enable_when import enabled
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
Holders = tuple[Json, ...]
"""The response, items and answers around a place, innermost first."""


@dataclass(frozen=True, slots=True)
class _Run:
    """One response: its questionnaire, and how bad it is that an answer is missing (None: not at all)."""

    questionnaire: Json
    context: Context
    missing: Severity | None


def check(response: Json, context: Context) -> Found:
    """All items of a response; information when its questionnaire is not at hand."""
    canonical = response.get("questionnaire")
    if not isinstance(canonical, str) or not canonical:
        return None
    if canonical.startswith("#"):
        questionnaire = context.contained(canonical[1:])
    else:
        questionnaire = context.program.registry.find("Questionnaire", canonical)
    if questionnaire is None:
        context.note("questionnaire-unknown", f"The answers were not checked: {canonical} is not at hand.")
        return None
    return _items(response, questionnaire, (response,), _Run(questionnaire, context, _missing(response.get("status"))))


def _missing(status: Any) -> Severity | None:
    """Who is not through yet may leave answers out; what was entered in error may lack anything."""
    if status in ("completed", "amended"):
        return "error"
    return None if status == "entered-in-error" else "warning"


def _items(holder: Json, asked: Json, holders: Holders, run: _Run) -> Found:
    """The items at one level against the questions at that level; `holders` start with the holder itself."""
    questions = {str(each.get("linkId")): each for each in dicts(asked.get("item"))}
    found, given = _sorted(holder, questions, holders, run)
    for name, question in questions.items():
        places = given.get(name, [])
        asks = enabled(question, holders)
        if not places and asks and question.get("required") is True and run.missing:
            text = f"The question {shown(name)} is required, but not answered."
            found = join(found, one("answer", text, severity=run.missing))
        if len(places) > 1 and question.get("repeats") is not True:
            text = f"The item {shown(name)} may occur once, but is there {len(places)} times."
            found = join(found, one("answer", text))
        for index, item in places:
            if result := _item(item, question, holders, run, asks=asks):
                found = join(found, lift(result, f"item[{index}]"))
    return found


def _sorted(
    holder: Json, questions: dict[str, Json], holders: Holders, run: _Run
) -> tuple[Found, dict[str, list[tuple[int, Json]]]]:
    """The items by their question; what is in no place of this level, or out of order, is said of the holder."""
    found: Found = None
    given: dict[str, list[tuple[int, Json]]] = {}
    order = list(questions)
    last = -1
    items = holder.get("item")
    for index, item in enumerate(items if isinstance(items, list) else []):
        name = item.get("linkId") if isinstance(item, dict) else None
        if not isinstance(name, str):
            continue  # the structure rules have told it
        if name not in questions:
            elsewhere = next((each for each in _questions(run.questionnaire, 0) if each.get("linkId") == name), None)
            text = f"The questionnaire has no question {shown(name)}{' here, only elsewhere' if elsewhere else ''}."
            found = join(found, one("answer", text))
            continue
        if order.index(name) < last:
            text = f"The item {shown(name)} stands after one that the questionnaire asks later."
            found = join(found, one("answer", text))
        last = max(last, order.index(name))
        given.setdefault(name, []).append((index, item))
    return found, given


def _questions(asked: Json, depth: int) -> Iterator[Json]:
    for each in dicts(asked.get("item")) if depth < 100 else ():
        yield each
        yield from _questions(each, depth + 1)


def _item(item: Json, question: Json, holders: Holders, run: _Run, *, asks: bool | None) -> Found:
    """One item: whether it is to be there, its text, its answers, and what is below it."""
    name, kind, answers = shown(question.get("linkId")), str(question.get("type")), dicts(item.get("answer"))
    found: Found = None
    if asks is False and (answers or item.get("item")):
        found = one("answer", f"The item {name} is answered, though by the other answers it is not asked (enableWhen).")
    said, text = item.get("text"), question.get("text")
    if isinstance(said, str) and said != text:
        found = join(found, one("answer", f"The text {shown(said)} is not that of the question, {shown(text)}."))
    if kind == "group":
        if answers:
            found = join(found, one("answer", "A group has no answers."))
        return join(found, _items(item, question, (item, *holders), run))
    if item.get("item"):
        found = join(
            found, one("answer", "Items below a question stand in its answers; only a group has items itself.")
        )
    if kind == "display":
        return join(found, one("answer", "A display has no answers.") if answers else None)
    found = join(found, _count(len(answers), question, run, asks=asks))
    for index, each in enumerate(answers):
        result = answer.check(each, question, run.questionnaire, run.context)
        result = join(result, _items(each, question, (each, item, *holders), run))
        if result:
            found = join(found, lift(result, f"answer[{index}]"))
    return found


def _count(there: int, question: Json, run: _Run, *, asks: bool | None) -> Found:
    """As many answers as the question wants."""
    found: Found = None
    if there > 1 and question.get("repeats") is not True:
        found = one("answer", f"The question allows one answer, but has {there}.")
    if not there and asks and question.get("required") is True and run.missing:
        found = one("answer", "The question is required, but has no answer.", severity=run.missing)
    least, most = answer.setting(question, answer.MIN_OCCURS), answer.setting(question, answer.MAX_OCCURS)
    if isinstance(least, int) and there < least and asks and run.missing:
        text = f"The question wants at least {least} answers, but has {there}."
        found = join(found, one("answer", text, severity=run.missing))
    if isinstance(most, int) and there > most:
        found = join(found, one("answer", f"The question wants at most {most} answers, but has {there}."))
    return found
