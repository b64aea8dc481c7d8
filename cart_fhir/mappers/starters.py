"""First resources for a table of a new map: what the meanings of its columns allow, the rest as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cart_fhir.mappers.guess import Guess, concept, hole, quoted
from cart_fhir.mappers.sniff import Sheet
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Refused

Words = dict[str, list[list[str]]]  # name of a code table to be -> its lines

_ACTIVITY = "cart-disease-activity-cs"
_SIZES = ("29463-7", "8302-2", "8277-6")  # weight, height, body surface area
# what tells apart the rows of one patient, in formats that number visits and repeats
_VISITS = (
    "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "StudyEventOID", "StudyEventRepeatKey",
    "FormRepeatKey", "ItemGroupRepeatKey",
)  # fmt: skip


@dataclass
class Draft:
    """One table to be: its place, its columns, and its name in the map."""

    name: str
    sheet: Sheet
    guesses: list[Guess] = field(default_factory=list)
    trouble: str = ""

    def named(self, meaning: str, *types: str) -> str:
        """The first column of a meaning (and type); "" when there is none."""
        found = (one.name for one in self.guesses if one.meaning == meaning and (not types or one.type in types))
        return next(found, "")

    def birth(self) -> str:
        """The column with the date of birth; one of years only where there is no other."""
        found = [one for one in self.guesses if one.meaning == "birth" and one.type == "date"]
        return next((one.name for one in sorted(found, key=lambda one: one.why == "dates as %Y")), "")

    def dated(self, form: str = "") -> str:
        """The column with the date of what a row tells (of its `form` first): a date, else a study day."""
        days = [one for one in self.guesses if one.type == "date" and one.meaning not in ("birth", "death", "onset")]
        if len(days) > 1 or self.visit():  # each form, and each name of an upper header line, has its own
            days = [one for one in days if one.form in (form, "")]
        days.sort(key=lambda one: (one.meaning == "end", not one.full, one.meaning not in ("date", "visit")))
        counted = [one for one in self.guesses if one.type == "relative-day" and "anchor" in one.options]
        return next((one.name for one in days + counted), "")

    def visit(self) -> str:
        """A hole that names visit and repeat of a row, as YAML; "" where the format has none."""
        found = [one.name for one in self.guesses if one.name in _VISITS and one.filled]
        return f"'=text(\"visit\", {', '.join(found)})'" if found else ""


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


def value(name: str) -> str:
    """A hole that is a column, as YAML, safe inside brackets too."""
    return f"={name}" if hole(name) == name else f"'=[{name}]'"


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
    days = next(
        (one for one in table.guesses if one.type in ("day-list", "relative-day") and "anchor" in one.options), None
    )
    form = next((one.form for one in table.guesses if one.name == drug), "")
    dated = days.name if days else table.dated(form)
    if not (drug and dated):
        return
    many = days is not None and days.type == "day-list"
    when = "=DAY_GIVEN" if many else value(dated)
    yield "      - resource: MedicationAdministration  # profiles: cart-lymphodepletion, cart-supportive-administration"
    yield f"        key: [{value(patient)}, {value(drug)}, {when}]"
    if many:
        yield f"        each: {{DAY_GIVEN: {quoted(dated)}}}"
    elif table.visit():  # of many rows of one patient some tell of a drug
        yield f"        when: '=all(present({hole(drug)}), present({hole(dated)}))'"
    yield "        body:"
    yield "          status: completed"
    yield f"          medicationCodeableConcept: {value(drug)}"
    yield f"          subject: '=ref(Patient, {hole(patient)})'"
    yield f"          effectiveDateTime: {when}"
    dose = next(
        (one for one in table.guesses if one.meaning == "dose" and one.type == "number" and "unit" in one.options), None
    )
    if dose:
        yield f"          # its dose: as extension cart-planned-dose or dosage: dose: '=dose({hole(dose.name)})'"


def _numbers(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """Several results a row, one a column: those of which the unit is known, and the date."""
    if table.named("test", "code") and table.named("value", "number"):
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
    if doses:
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
    try:
        unit = Units().find(str(one.options.get("unit", "")).strip('"')).ucum
    except Refused:
        unit = ""
    return _concept(one).get("system") == "atc" or re.fullmatch(r"10\*\d+(/kg)?|[mu]?g/(m2|kg).*", unit) is not None


def _concept(one: Guess) -> Mapping[str, str]:
    """What a column's name, or its label, or the part of its name below the upper header line seems to mean."""
    return concept(one.name) or concept(one.label) or concept(one.name.rpartition(" / ")[2])


def _by_profile(known: Sequence[Guess]) -> Iterator[tuple[str, list[Guess]]]:
    """Columns of body sizes, which are vital signs, and those of the laboratory."""
    sizes = [one for one in known if _concept(one).get("code") in _SIZES]
    for profile, some in (("cart-body-size", sizes), ("cart-laboratory", [one for one in known if one not in sizes])):
        if some:
            yield profile, some


_PARTS = (_person, _diagnosis, _results, _drugs, _events, _scores, _numbers)
