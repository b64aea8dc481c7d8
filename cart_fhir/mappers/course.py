"""First resources of a CAR-T course for a new map: the infusion, grades of CRS and ICANS, results in columns by day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cart_fhir.mappers.drafts import Draft, Words, value
from cart_fhir.mappers.guess import Guess, hole, quoted
from cart_fhir.mappers.units import Units
from cart_fhir.mappers.values import Refused

_MARKED = "      # "  # of lines to be made valid by taking the mark away


def _by_day(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """One result for each of the columns that are named by a day; one row holds one test."""
    test, days = table.named("test", "code"), table.days()
    unit = next((one.name for one in table.guesses if one.type == "unit"), "")
    if not (test and days):
        return
    if not table.anchor:
        yield f"      # results by day, not used yet: {', '.join(days)}"
        yield "      # (no table seems to hold day 0: name one above, `lookup: {INFUSION: ...}`, docs/mapping.md)"
        return
    day = f"day(column(RESULT), {hole(table.anchor)})"
    yield "      - resource: Observation  # one for each of these columns; their names say the day"
    yield "        profile: cart-laboratory"
    yield f"        each: {{RESULT: [{', '.join(quoted(name, flow=True) for name in days)}]}}"
    yield f"        key: [{value(patient)}, {value(test)}, '={day}']"
    yield "        body:"
    yield f"          extension: {{cart-study-day: '=study_day({day}, {hole(table.anchor)})'}}"
    yield "          status: final"
    yield f"          code: {value(test)}"
    yield f"          subject: '=ref(Patient, {hole(patient)})'"
    yield f"          effectiveDateTime: '={day}'"
    if unit:
        yield f"          valueQuantity: '=quantity(RESULT, {hole(unit)})'"
    else:
        yield "          valueQuantity: '=quantity(RESULT)'  # with the unit of the test, as quantity(RESULT, \"mg/L\")"
    others = [one.name for one in table.guesses if one.type == "number" and one.name not in days]
    if others:
        yield f"      # numbers in columns whose names say no day, not used yet: {', '.join(others)}"
        yield "      # (name them by the day that was meant, as D90, in the export's header, or leave them)"


def _graded(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """Grades of CRS and of ICANS by ASTCT, each in a column of its own."""
    dated = table.named("onset", "date", "relative-day") or table.dated()
    grades = {toxicity: grade for toxicity in ("crs", "icans") if (grade := table.named(toxicity, "code"))}
    if grades and (not dated or dated == table.named("infusion", "date")):
        yield f"      # grades without a date of their own, not used yet: {', '.join(grades.values())}"
        return
    for toxicity, grade in grades.items():
        yield "      - resource: Observation"
        yield f"        profile: cart-{toxicity}-grading"
        yield f"        key: [{value(patient)}, astct-{toxicity}, {value(dated)}]"
        yield f"        when: '=all(present({hole(grade)}), present({hole(dated)}))'"
        yield "        body:"
        yield "          status: final"
        yield f"          subject: '=ref(Patient, {hole(patient)})'"
        yield f"          effectiveDateTime: {value(dated)}"
        yield f"          valueCodeableConcept: {value(grade)}"


def _infusion(table: Draft, patient: str, words: Words) -> Iterator[str]:
    """The product and its infusion, with these columns, as a comment: what it is aimed at no export says."""
    infused, lot = table.named("infusion", "date"), table.named("lot", "id")
    doses = [one for one in table.guesses if one.type == "number" and one.meaning != "weight"]
    total = next((one for one in doses if re.fullmatch(r"10\*\d+", ucum(one))), None)
    per_kg = next((one for one in doses if re.fullmatch(r"10\*\d+/kg", ucum(one))), None)
    if not infused or not (lot or total or per_kg):
        return
    named = table.named("product", "code")
    product = value(named) if named else "=concept(cart-product-cs, YOUR-PRODUCT)"
    batch = f", {hole(lot)}" if lot else ""
    yield "      # The infusion: check the target and each YOUR-... of the lines, then take their '# ' away."
    if not (lot and total):
        yield f"      # A{' lot' if not lot else ' dose in cells'} is needed; no column seems to hold it."
    lines = [
        "- resource: BiologicallyDerivedProduct",
        "  profile: cart-product",
        f"  key: [{value(patient)}, {value(lot) if lot else '=YOUR-LOT-COLUMN'}]",
        "  body:",
        "    extension: {cart-target-antigen: '=concept(cart-target-antigen-cs, cd19)'}",
        "    identifier: {type: '=concept(cart-identifier-type-cs, lot)', system: https://YOUR-HOSPITAL.example/lots, "
        f"value: {value(lot) if lot else '=YOUR-LOT-COLUMN'}}}",
        f"    productCode: {product}",
        f"    collection: {{source: '=ref(Patient, {hole(patient)})'}}",
        "- resource: MedicationAdministration",
        "  profile: cart-administration",
        f"  key: [{value(patient)}, cart-infusion, {value(infused)}]",
        "  body:",
        "    extension:",
        f"      cart-study-day: '=study_day({hole(infused)}, {hole(infused)})'",
    ]
    if per_kg:
        lines.append(f"      cart-planned-dose: '=quantity({hole(per_kg.name)})'")
        lines.append("      cart-dose-basis: '=concept(cart-dose-basis-cs, per-kg)'")
    lines += [
        "    status: completed",
        f"    medicationCodeableConcept: {product}",
        f"    subject: '=ref(Patient, {hole(patient)})'",
        f"    supportingInformation: '=ref(BiologicallyDerivedProduct, {hole(patient)}{batch})'",
        f"    effectiveDateTime: {value(infused)}",
    ]
    if total:
        lines.append(f"    dosage: {{dose: '=dose({hole(total.name)})'}}")
    yield from (_MARKED + line for line in lines)


def ucum(one: Guess) -> str:
    """The unit of a column of numbers, in UCUM; "" where none is known."""
    try:
        return Units().find(str(one.options.get("unit", "")).strip('"')).ucum
    except Refused:
        return ""


PARTS = (_by_day, _graded, _infusion)
