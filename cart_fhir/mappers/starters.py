"""First resources for a table of a new map: what the meanings of its columns allow, the rest as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from cart_fhir.mappers.course import PARTS as COURSE
from cart_fhir.mappers.course import ucum
from cart_fhir.mappers.drafts import Draft, Words, value
from cart_fhir.mappers.guess import Guess, concept, hole, quoted

_ACTIVITY = "cart-disease-activity-cs"
_FACTS = ("code", "boolean", "number", "integer", "date", "relative-day", "day-list", "plus-minus")
_SIZES = ("29463-7", "8302-2", "8277-6")  # weight, height, body surface area


def starters(table: Draft, words: Words) -> Iterator[str]:
    """The lines of a table's `make`; the code tables that they need are put into `words`."""
    patient = table.named("patient")
    if not patient:
        yield "    make: []  # no column seems to name the patient: name it, then say what each row becomes"
        return
    made = [line for part in _PARTS for line in part(table, patient, words)]
    if any("resource:" in line for line in made):
        yield "    make:"
    else:
        yield "    make: []  # say here what each row becomes: docs/mapping.md"
    yield from made
    told = "\n".join(made)
    facts = [one.name for one in table.guesses if one.filled and one.type in _FACTS]
    left = [name for name in facts if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told)]
    if made and left:
        yield f"      # columns that nothing is made of yet: {', '.join(left)}"


def line(word: str, text: str = "") -> list[str]:
    """A line of a code table for a word (and its label); what is known of it is filled in, marked as a guess."""
    known = concept(word) or concept(text)
    told = [known.get(key, "") for key in ("system", "code", "display", "unit")]
    return [word, text, *told, "a guess: check it" if known else ""]


def _person(table: Draft, patient: str, words: Words) -> Iterator[str]:
    found = [
        ("gender", table.named("sex", "code")),
        ("birthDate", table.birth()),
        ("deceasedDateTime", table.named("death", "date")),
    ]
    if not any(name for _, name in found[:2]):
        return
    yield from ("      - resource: Patient", "        profile: cart-patient", f"        key: [{value(patient)}]")
    if table.visit():  # of many rows of one patient some tell of him
        told = ", ".join(f"present({hole(name)})" for _, name in found if name)
        yield f"        when: '=any({told})'"
    yield "        body:"
    yield from (f"          {element}: {value(name)}" for element, name in found if name)


def _diagnosis(table: Draft, patient: str, words: Words) -> Iterator[str]:
    name = table.named("diagnosis", "code")
    if not name:
        return
    onset = table.named("onset", "date")
    begun = f", onsetDateTime: {value(onset)}" if onset else ""
    yield "      - resource: Condition  # with `profile: cart-autoimmune-condition` the guide is checked too"
    yield f"        key: [{value(patient)}, {value(name)}]"
    yield f"        when: {value(name)}"
    yield f"        body: {{code: {value(name)}, subject: '=ref(Patient, {hole(patient)})'{begun}}}"


def _results(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """One result a row: test, value, unit, date."""
    test, number = table.named("test", "code"), table.named("value", "number")
    unit = table.named("unit", "unit") or next((one.name for one in table.guesses if one.type == "unit"), "")
    if not (test and number):
        return
    dated = table.dated()
    yield "      - resource: Observation  # with `profile: cart-laboratory` the guide is checked too"
    key = ", ".join(value(name) for name in (patient, test, dated) if name)
    yield f"        key: [{key}]  # what makes it one of a kind"
    yield f"        when: {value(number)}"
    yield "        body:"
    yield "          status: final"
    yield f"          code: {value(test)}"
    yield f"          subject: '=ref(Patient, {hole(patient)})'"
    if dated:
        yield f"          effectiveDateTime: {value(dated)}"
    yield f"          valueQuantity: '=quantity({hole(number)}{', ' + hole(unit) if unit else ''})'"


def _drugs(table: Draft, patient: str, words: Words) -> Iterator[str]:
    drug = table.named("drug", "code")
    form = next((one.form for one in table.guesses if one.name == drug), "")
    days = next((one.name for one in table.guesses if one.type == "day-list" and "anchor" in one.options), "")
    dated = days or table.dated(form)
    if not (drug and dated):
        return
    ended = "" if days else table.named("end", "date")
    when = "=DAY_GIVEN" if days else value(dated)
    yield "      - resource: MedicationAdministration  # profiles: cart-lymphodepletion, cart-supportive-administration"
    yield f"        key: [{value(patient)}, {value(drug)}, {when}]"
    if days:
        yield f"        each: {{DAY_GIVEN: {quoted(days)}}}"
    elif table.visit():  # of many rows of one patient some tell of a drug
        yield f"        when: '=all(present({hole(drug)}), present({hole(dated)}))'"
    yield "        body:"
    yield "          status: completed"
    yield f"          medicationCodeableConcept: {value(drug)}"
    yield f"          subject: '=ref(Patient, {hole(patient)})'"
    if ended and ended != dated:
        yield f"          effectivePeriod: '=period({hole(dated)}, {hole(ended)})'"
    else:
        yield f"          effectiveDateTime: {when}"
    yield from _dose(table)


def _dose(table: Draft) -> Iterator[str]:
    """Where the dose of a drug goes, which is for a person to say: what was planned for each m2, or what was given."""
    dose = next((one for one in table.guesses if one.meaning == "dose" and one.type == "number"), None)
    unit = next((one.name for one in table.guesses if one.type == "unit"), "")
    if dose and ("unit" in dose.options or unit):
        amount = hole(dose.name) + ("" if "unit" in dose.options else f", {hole(unit)}")
        yield f"          # its dose, for each m2 or kg: extension: {{cart-planned-dose: '=quantity({amount})'}}"
        yield f"          # its dose, as given in all:   dosage: {{dose: '=dose({amount})'}}"


def _numbers(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """Several results a row, one a column: those of which the unit is known, and the date."""
    if table.named("test", "code") and (table.named("value", "number") or table.days()):
        return
    numbers = [one for one in table.guesses if one.type == "number" and one.meaning != "day"]
    doses = [one for one in numbers if one.meaning == "dose" or _is_dose(one)]
    numbers = [one for one in numbers if one not in doses and _concept(one).get("system") != _ACTIVITY]
    known = [one for one in numbers if "unit" in one.options]
    name, dateless = f"{table.name.lower()}_columns.csv", list[str]()
    for form in dict.fromkeys(one.form for one in known):
        some, dated = [one for one in known if one.form == form], table.dated(form)
        if not dated:
            dateless += [one.name for one in some]
            continue
        words.setdefault(name, []).extend(line(one.name, one.label) for one in some)
        yield from _each(table, patient, some, dated, name)
    if dateless:
        yield f"      # results without a date (effectiveDateTime), not used yet: {', '.join(dateless)}"
    if doses and not (table.named("drug", "code") or table.named("infusion", "date")):  # told with these
        told = ", ".join(one.name for one in doses)
        yield f"      # doses, each a MedicationAdministration (docs/mapping-examples.md): {told}"
    if open_ := [one.name for one in numbers if one not in known]:
        yield f"      # numbers without a unit, not used yet: {', '.join(open_)}"


def _each(table: Draft, patient: str, known: Sequence[Guess], dated: str, name: str) -> Iterator[str]:
    """One Observation for each of these columns."""
    visit = table.visit()
    for profile, some in _by_profile(known):
        yield "      - resource: Observation  # one for each of these columns"
        yield f"        profile: {profile}"
        yield f"        key: [{value(patient)}, =column(RESULT), {visit or value(dated)}]"
        yield f"        each: {{RESULT: [{', '.join(quoted(one.name, flow=True) for one in some)}]}}"
        if visit:
            yield f"        when: '=present({hole(dated)})'  # a row without this date gives none of them"
        yield "        body:"
        yield "          status: final"
        yield f'          code: =translate(column(RESULT), "{name}")'
        yield f"          subject: '=ref(Patient, {hole(patient)})'"
        yield f"          effectiveDateTime: {value(dated)}"
        yield "          valueQuantity: =quantity(RESULT)"


def _scores(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """Totals of disease activity, one a column; what belongs to a visit has its date."""
    told = set[str]()
    for one in table.guesses:
        known = _concept(one)
        dated = table.dated(one.form)
        if one.type != "number" or known.get("system") != _ACTIVITY or not dated or known["code"] + dated in told:
            continue
        told.add(known["code"] + dated)
        yield "      - resource: Observation"
        yield f"        profile: cart-{known['code']}"
        yield f"        key: [{value(patient)}, {known['code']}, {value(dated)}]"
        yield f"        when: '=all(present({hole(one.name)}), present({hole(dated)}))'"
        yield "        body:"
        yield "          status: final"
        yield f"          subject: '=ref(Patient, {hole(patient)})'"
        yield f"          effectiveDateTime: {value(dated)}"
        yield f"          valueQuantity: '=quantity({hole(one.name)})'"


def _events(table: Draft, patient: str, words: Words) -> Iterator[str]:
    event, grade = table.named("event", "code"), table.named("grade", "code")
    begun = table.named("onset", "date", "relative-day") or table.dated()
    ended = table.named("end", "date", "relative-day")
    if not (event and begun):
        return
    yield "      - resource: AdverseEvent  # what it is suspected to come from, and how likely: docs/first-map.md"
    yield "        profile: cart-adverse-event"
    yield f"        key: [{value(patient)}, {value(event)}, {value(begun)}]"
    yield f"        when: '=all(present({hole(event)}), present({hole(begun)}))'"
    yield "        body:"
    if grade or ended:
        yield "          extension:"
    if grade:
        yield f"            cart-ae-grade: {value(grade)}"
    if ended:
        yield f"            cart-resolve-date: {value(ended)}"
    yield "          actuality: actual"
    yield f"          event: {value(event)}"
    yield f"          subject: '=ref(Patient, {hole(patient)})'"
    yield f"          date: {value(begun)}"


def _is_dose(one: Guess) -> bool:
    """Whether a column holds what is given, not what is found: an active substance, cells, milligrams per m2 or kg."""
    return (
        _concept(one).get("system") == "atc" or re.fullmatch(r"10\*\d+(/kg)?|[mu]?g/(m2|kg).*", ucum(one)) is not None
    )


def _concept(one: Guess) -> Mapping[str, str]:
    """What a column's name, or its label, or the part of its name below the upper header line seems to mean."""
    return concept(one.name) or concept(one.label) or concept(one.name.rpartition(" / ")[2])


def _by_profile(known: Sequence[Guess]) -> Iterator[tuple[str, list[Guess]]]:
    """Columns of body sizes, which are vital signs, and those of the laboratory."""
    sizes = [one for one in known if _concept(one).get("code") in _SIZES]
    for profile, some in (("cart-body-size", sizes), ("cart-laboratory", [one for one in known if one not in sizes])):
        if some:
            yield profile, some


_PARTS = (_person, _diagnosis, _results, _drugs, _events, *COURSE, _scores, _numbers)
