"""C-CDA R2.1 summaries, one a patient: problems, therapies before and around CAR-T, procedures, vital signs and
results.

Every section has its human-readable table and coded entries. Local codes have a UUID for a code system, as CDA allows
where nobody has registered an OID; a therapy that was never given is a substanceAdministration with negationInd.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from cart_fhir.synth.codes import ANALYTES, DISEASES, DRUGS, EVENTS, THERAPIES
from cart_fhir.synth.model import Journey

_LOINC: Final = "2.16.840.1.113883.6.1"
_SNOMED: Final = "2.16.840.1.113883.6.96"
_ICD10: Final = "2.16.840.1.113883.6.3"
_ATC: Final = "2.16.840.1.113883.6.73"
_GENDER: Final = "2.16.840.1.113883.5.1"
_ROUTE: Final = "2.16.840.1.113883.5.112"
_LOCAL: Final = str(uuid5(NAMESPACE_URL, "https://w3id.org/cart-fhir/CodeSystem")).upper()
_TEMPLATE: Final = "2.16.840.1.113883.10.20.22"
_IV: Final = f'<routeCode code="IVINJ" codeSystem="{_ROUTE}"/>'
_KINETIC_UNIT: Final = {"cart-cells-per-ul": "{cells}/uL", "cart-percent-of-t-cells": "%"}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of a section's table and the coded entry that says the same."""

    cells: tuple[str, ...]
    xml: str


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `<patient number>.xml` for each journey; return them."""
    files = []
    for journey in journeys:
        path = folder / f"{journey.person.number}.xml"
        path.write_text("\n".join(_document(journey)) + "\n", encoding="utf-8", newline="\n")
        files.append(path)
    return files


def _document(journey: Journey) -> Iterator[str]:
    root = str(uuid5(NAMESPACE_URL, f"{journey.centre.system}/{journey.person.number}")).upper()
    last = max(lab.on for lab in journey.labs)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    yield '<realmCode code="DE"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
    yield f'<templateId root="{_TEMPLATE}.1.2" extension="2015-08-01"/><id root="{root}"/>'
    yield f'<code code="34133-9" codeSystem="{_LOINC}" displayName="Summary of episode note"/>'
    yield f'<title>CAR-T summary</title><effectiveTime value="{_day(last)}"/>'
    yield '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="en"/>'
    yield from _target(journey)
    yield f'<author><time value="{_day(last)}"/><assignedAuthor><id nullFlavor="NI"/></assignedAuthor></author>'
    yield "<custodian><assignedCustodian><representedCustodianOrganization>"
    yield f'<id nullFlavor="NI"/><name>{escape(journey.centre.name)}</name>'
    yield "</representedCustodianOrganization></assignedCustodian></custodian>"
    yield "<component><structuredBody>"
    yield from _section("2.5.1", "11450-4", "Problems", ("Problem", "Since"), _problems(journey))
    yield from _section("2.1.1", "10160-0", "Earlier therapy", ("Therapy", "Given"), _prior(journey))
    yield from _section("2.7.1", "47519-4", "Procedures", ("Procedure", "Date"), _procedures(journey))
    yield from _section("2.38", "29549-3", "Medications administered", ("Drug", "Date", "Dose"), _given(journey))
    yield from _section("2.4.1", "8716-3", "Vital signs", ("Measure", "Date", "Value"), _vital_signs(journey))
    yield from _section("2.3.1", "30954-2", "Results", ("Test", "Date", "Value"), _results(journey))
    yield "</structuredBody></component></ClinicalDocument>"


def _target(journey: Journey) -> Iterator[str]:
    person = journey.person
    sex = "F" if person.sex == "female" else "M"
    authority = quoteattr(journey.centre.system)
    yield "<recordTarget><patientRole>"
    yield f'<id root="{_LOCAL}" extension={quoteattr(person.number)} assigningAuthorityName={authority}/>'
    yield f'<patient><name nullFlavor="MSK"/><administrativeGenderCode code="{sex}" codeSystem="{_GENDER}"/>'
    yield f'<birthTime value="{_day(person.birth)}"/></patient></patientRole></recordTarget>'


def _section(template: str, code: str, title: str, header: tuple[str, ...], entries: Iterable[_Entry]) -> Iterator[str]:
    found = list(entries)
    yield f'<component><section><templateId root="{_TEMPLATE}.{template}"/>'
    yield f'<code code="{code}" codeSystem="{_LOINC}"/><title>{title}</title>'
    heads = "".join(f"<th>{name}</th>" for name in header)
    yield f"<text><table><thead><tr>{heads}</tr></thead><tbody>"
    for entry in found:
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in entry.cells) + "</tr>"
    yield "</tbody></table></text>"
    for entry in found:
        yield f"<entry>{entry.xml}</entry>"
    yield "</section></component>"


def _problems(journey: Journey) -> Iterator[_Entry]:
    disease = DISEASES[journey.disease.key]
    value = _value(disease.icd10, _ICD10, disease.display)
    yield _problem(disease.display, journey.disease.onset.replace("-", ""), "", value)
    for event in journey.events:
        term = EVENTS[event.code]
        value = _value(term.code, _LOCAL if term.local else _SNOMED, term.name)
        grade = _observation("ae-grade", _LOCAL, _day(event.begin), f'<value xsi:type="INT" value="{event.grade}"/>')
        inner = f'<entryRelationship typeCode="REFR">{grade}</entryRelationship>'
        ended = _day(event.end) if event.end else ""
        yield _problem(f"{term.name}, grade {event.grade}", _day(event.begin), ended, value + inner)


def _problem(name: str, begin: str, end: str, value: str) -> _Entry:
    high = f'<high value="{end}"/>' if end else ""
    xml = (
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{_TEMPLATE}.4.3"/>'
        '<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>'
        '<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
        f'<templateId root="{_TEMPLATE}.4.4"/><code code="55607006" codeSystem="{_SNOMED}" displayName="Problem"/>'
        f'<statusCode code="completed"/><effectiveTime><low value="{begin}"/>{high}</effectiveTime>{value}'
        "</observation></entryRelationship></act>"
    )
    return _Entry((name, begin), xml)


def _prior(journey: Journey) -> Iterator[_Entry]:
    for row in journey.prior:
        therapy = THERAPIES[row.therapy]
        if row.exposed is None or therapy.procedure:
            continue
        never = "" if row.exposed else ' negationInd="true"'
        xml = (
            f'<substanceAdministration classCode="SBADM" moodCode="EVN"{never}><templateId root="{_TEMPLATE}.4.16"/>'
            f'<statusCode code="completed"/><effectiveTime nullFlavor="UNK"/>'
            f"{_consumable(therapy.atc, _ATC, therapy.name)}</substanceAdministration>"
        )
        yield _Entry((therapy.name, "yes" if row.exposed else "never"), xml)


def _procedures(journey: Journey) -> Iterator[_Entry]:
    done = journey.apheresis
    code = '<code code="C15269" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="Leukapheresis"/>'
    yield _Entry(("Leukapheresis", str(done.on)), _procedure(code, f'<effectiveTime value="{_day(done.on)}"/>'))
    for row in journey.prior:
        therapy = THERAPIES[row.therapy]
        if therapy.procedure and row.exposed is not None:
            code = f'<code code="{therapy.procedure}" codeSystem="{_SNOMED}" displayName={quoteattr(therapy.name)}/>'
            never = "" if row.exposed else ' negationInd="true"'
            xml = _procedure(code, '<effectiveTime nullFlavor="UNK"/>', never)
            yield _Entry((therapy.name, "earlier" if row.exposed else "never"), xml)


def _procedure(code: str, when: str, never: str = "") -> str:
    return (
        f'<procedure classCode="PROC" moodCode="EVN"{never}><templateId root="{_TEMPLATE}.4.14"/>{code}'
        f'<statusCode code="completed"/>{when}</procedure>'
    )


def _given(journey: Journey) -> Iterator[_Entry]:
    for dose in journey.lymphodepletion:
        yield _administered(dose.on, _drug(dose.atc), (dose.milligrams, "mg"), "lymphodepletion")
    for infusion in journey.infusions:
        cells = _consumable(journey.product.code, _LOCAL, "CAR-T cells", infusion.lot)
        yield _administered(infusion.on, ("CAR-T cells", cells), (infusion.millions, "10*6"), "cart-infusion")
    for given in journey.support:
        yield _administered(given.on, _drug(given.atc), (given.value, given.unit), given.purpose)


def _drug(atc: str) -> tuple[str, str]:
    name = DRUGS[atc][1]
    return name, _consumable(atc, _ATC, name)


def _administered(on: date, drug: tuple[str, str], dose: tuple[Decimal, str], purpose: str) -> _Entry:
    name, consumable = drug
    never = "" if dose[0] else ' negationInd="true"'
    indication = _observation(purpose, _LOCAL, _day(on), '<value xsi:type="BL" value="true"/>', "4.19")
    xml = (
        f'<substanceAdministration classCode="SBADM" moodCode="EVN"{never}><templateId root="{_TEMPLATE}.4.16"/>'
        f'<statusCode code="completed"/><effectiveTime value="{_day(on)}"/>{_IV}'
        f'<doseQuantity value="{dose[0]}" unit="{dose[1]}"/>{consumable}'
        f'<entryRelationship typeCode="RSON">{indication}</entryRelationship></substanceAdministration>'
    )
    return _Entry((name, str(on), f"{dose[0]} {dose[1]}"), xml)


def _consumable(code: str, system: str, name: str, lot: str = "") -> str:
    batch = f"<lotNumberText>{escape(lot)}</lotNumberText>" if lot else ""
    return (
        f'<consumable><manufacturedProduct classCode="MANU"><templateId root="{_TEMPLATE}.4.23"/><manufacturedMaterial>'
        f'<code code="{code}" codeSystem="{system}" displayName={quoteattr(name)}/>{batch}'
        "</manufacturedMaterial></manufacturedProduct></consumable>"
    )


def _vital_signs(journey: Journey) -> Iterator[_Entry]:
    body = journey.body
    sizes = (("8302-2", "Body height", body.height, "cm"), ("29463-7", "Body weight", body.weight, "kg"))
    for code, name, value, unit in (*sizes, ("8277-6", "Body surface area", body.area, "m2")):
        yield _measured(name, body.on, (code, _LOINC), (value, unit), "4.27")


def _results(journey: Journey) -> Iterator[_Entry]:
    for lab in journey.labs:
        test = ANALYTES[lab.analyte]
        yield _measured(test.display or test.name, lab.on, (test.loinc, _LOINC), (lab.value, test.unit))
    for point in journey.kinetics:
        yield _measured(point.code, point.on, (point.code, _LOCAL), (point.value, _KINETIC_UNIT[point.code]))
    for score in journey.scores:
        yield _measured(score.instrument, score.on, (score.instrument, _LOCAL), (score.total, "{score}"))
    for grading in journey.gradings:
        value = f'<value xsi:type="INT" value="{grading.grade}"/>'
        xml = _observation(grading.system, _LOCAL, _day(grading.on), value, "4.2")
        yield _Entry((grading.system, str(grading.on), f"grade {grading.grade}"), xml)
    for judged in journey.responses:
        value = _value(judged.value, _LOCAL, judged.value)
        xml = _observation("response-assessment", _LOCAL, _day(judged.on), value, "4.2")
        yield _Entry(("Response", str(judged.on), judged.value), xml)


def _measured(
    name: str, on: date, code: tuple[str, str], value: tuple[Decimal | int, str], template: str = "4.2"
) -> _Entry:
    quantity = f'<value xsi:type="PQ" value="{value[0]}" unit="{value[1]}"/>'
    return _Entry((name, str(on), f"{value[0]} {value[1]}"), _observation(*code, _day(on), quantity, template))


def _observation(code: str, system: str, day: str, value: str, template: str = "4.2") -> str:
    return (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{_TEMPLATE}.{template}"/>'
        f'<code code="{code}" codeSystem="{system}"/><statusCode code="completed"/>'
        f'<effectiveTime value="{day}"/>{value}</observation>'
    )


def _value(code: str, system: str, name: str) -> str:
    return f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName={quoteattr(name)}/>'


def _day(on: date) -> str:
    return f"{on:%Y%m%d}"
