"""QuestionnaireResponses against their Questionnaire: known questions, in order, answered as asked.

https://hl7.org/fhir/R4/questionnaireresponse.html#notes. The questionnaire is contained, or among the definitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cart_fhir.validator.findings import Found, join, lift, one
from cart_fhir.validator.rules.primitives import shown

if TYPE_CHECKING:
    from cart_fhir.validator.context import Context

Json = dict[str, Any]
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
    "open-choice": ("Coding", "String"),
    "attachment": ("Attachment",),
    "reference": ("Reference",),
    "quantity": ("Quantity",),
    "question": (),
}


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
    whole = response.get("status") in ("completed", "amended")
    return _items(response, questionnaire, context, whole=whole)


def _dicts(value: Any) -> list[Json]:
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _items(holder: Json, asked: Json, context: Context, *, whole: bool) -> Found:
    """The items at one level against the questions at that level."""
    questions = {str(each.get("linkId")): each for each in _dicts(asked.get("item"))}
    order = list(questions)
    found: Found = None
    last = -1
    seen: set[str] = set()
    for index, item in enumerate(_dicts(holder.get("item"))):
        name = str(item.get("linkId"))
        question = questions.get(name)
        if question is None:
            text = f"The questionnaire has no question {shown(name)} here."
            found = join(found, one("answer", text, f"item[{index}]"))
            continue
        if order.index(name) < last:
            text = f"The item {shown(name)} stands after one that the questionnaire asks later."
            found = join(found, one("answer", text, f"item[{index}]"))
        last = max(last, order.index(name))
        seen.add(name)
        result = _item(item, question, context, whole=whole)
        if result:
            found = join(found, lift(result, f"item[{index}]"))
    for name, question in questions.items():
        if whole and question.get("required") is True and name not in seen and not question.get("enableWhen"):
            found = join(found, one("answer", f"The question {shown(name)} is required, but not answered."))
    return found


def _item(item: Json, question: Json, context: Context, *, whole: bool) -> Found:
    """One item: its answers, and what is below it."""
    kind, answers = str(question.get("type")), _dicts(item.get("answer"))
    found: Found = None
    if kind in ("group", "display"):
        if answers:
            found = one("answer", f"A {kind} has no answers.")
        return join(found, _items(item, question, context, whole=whole) if kind == "group" else None)
    if len(answers) > 1 and question.get("repeats") is not True:
        found = one("answer", f"The question allows one answer, but has {len(answers)}.")
    if not answers and whole and question.get("required") is True and not question.get("enableWhen"):
        found = join(found, one("answer", "The question is required, but has no answer."))
    for index, answer in enumerate(answers):
        result = _answer(answer, question, kind, context)
        result = join(result, _items(answer, question, context, whole=whole))
        if result:
            found = join(found, lift(result, f"answer[{index}]"))
    return found


def _answer(answer: Json, question: Json, kind: str, context: Context) -> Found:
    """One answer: of the type asked for, and one of the options where there are any."""
    keys = [key for key in answer if key.startswith("value")]
    if not keys or kind not in _TYPES:
        return None
    allowed = _TYPES[kind]
    given = keys[0].removeprefix("value")
    if given not in allowed:
        names = " or ".join(allowed)
        return one("answer", f"The question asks for {kind} ({names}), but the answer is of type {given}.")
    if kind == "open-choice" and given == "String":
        return None
    return _option(answer[keys[0]], question, context)


def _option(value: Any, question: Json, context: Context) -> Found:
    """The answer is among the options, or in the value set."""
    options = [
        option
        for each in _dicts(question.get("answerOption"))
        for key, option in each.items()
        if key.startswith("value")
    ]
    if options and not any(_same(value, option) for option in options):
        return one("answer", f"The answer {_words(value)} is not one of the options.")
    url = question.get("answerValueSet")
    if not isinstance(url, str) or url.startswith("#") or not isinstance(value, dict):
        return None
    system, code = value.get("system"), value.get("code")
    if not isinstance(code, str) or not isinstance(system, str):
        return None
    known = context.program.value_sets.member(url, system, code)
    if known is None:
        context.note("value-set-not-checked", f"Answers were not checked against {url}.")
    return one("answer", f"The answer {_words(value)} is not in the value set {url}.") if known is False else None


def _same(value: Any, option: Any) -> bool:
    if isinstance(value, dict) and isinstance(option, dict):
        names = ("code", "system") if "code" in option else ("reference", "display")
        return all(value.get(name) == option.get(name) for name in names if name in option)
    return bool(value == option)


def _words(value: Any) -> str:
    return shown(value.get("code") or value.get("display") or "") if isinstance(value, dict) else shown(value)
