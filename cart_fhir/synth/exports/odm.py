"""A CDISC ODM 1.3.2 snapshot of the journeys: metadata with code lists, and clinical data with repeating forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from cart_fhir.synth.exports.filled import columns, filled
from cart_fhir.synth.exports.forms import FORMS, Field, Form
from cart_fhir.synth.model import Journey

_TYPE: Final = {"date": "date", "integer": "integer", "number": "float", "month": "partialDate", "choice": "integer"}
_STAMP: Final = "2026-01-01T00:00:00"  # a fixed one: the same journeys are the same bytes


def write(folder: Path, journeys: Iterable[Journey]) -> list[Path]:
    """Write `odm.xml`; dates as dates, choices as coded integers, one ItemGroup a form."""
    path = folder / "odm.xml"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in _document(journeys):
            file.write(line + "\n")
    return [path]


def _document(journeys: Iterable[Journey]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="CARTAID.1"'
        f' CreationDateTime="{_STAMP}" SourceSystem="cart_fhir synthetic journeys">'
    )
    yield '<Study OID="CARTAID"><GlobalVariables><StudyName>CARTAID</StudyName>'
    yield "<StudyDescription>Synthetic CAR-T journeys</StudyDescription><ProtocolName>CARTAID</ProtocolName>"
    yield '</GlobalVariables><MetaDataVersion OID="MDV.1" Name="1">'
    yield from _metadata()
    yield "</MetaDataVersion></Study>"
    yield '<ClinicalData StudyOID="CARTAID" MetaDataVersionOID="MDV.1">'
    for journey in journeys:
        yield from _subject(journey)
    yield "</ClinicalData></ODM>"


def _metadata() -> Iterator[str]:
    yield '<Protocol><StudyEventRef StudyEventOID="SE.JOURNEY" OrderNumber="1" Mandatory="Yes"/></Protocol>'
    yield '<StudyEventDef OID="SE.JOURNEY" Name="Journey" Repeating="No" Type="Common">'
    for form in FORMS:
        yield f'<FormRef FormOID="F.{form.name}" Mandatory="No"/>'
    yield "</StudyEventDef>"
    for form in FORMS:
        yield f'<FormDef OID="F.{form.name}" Name={quoteattr(form.label)} Repeating="{_yes(form.repeats)}">'
        yield f'<ItemGroupRef ItemGroupOID="IG.{form.name}" Mandatory="Yes"/></FormDef>'
    for form in FORMS:
        yield from _group(form)
    for form in FORMS:
        for question in form.fields:
            yield from _items(question)
    for form in FORMS:
        for question in form.fields:
            if question.kind == "choice":
                yield from _code_list(question)


def _group(form: Form) -> Iterator[str]:
    yield f'<ItemGroupDef OID="IG.{form.name}" Name={quoteattr(form.label)} Repeating="No">'
    for question in form.fields:
        for column in columns(question):
            yield f'<ItemRef ItemOID="I.{column}" Mandatory="{_yes(question.needed)}"/>'
    yield "</ItemGroupDef>"


def _items(question: Field) -> Iterator[str]:
    labels = list(question.choices.values())
    for place, column in enumerate(columns(question)):
        kind = "boolean" if question.kind in ("checkbox", "yesno") else _TYPE.get(question.kind, "text")
        label = f"{question.label}: {labels[place]}" if question.kind == "checkbox" else question.label
        reference = f'<CodeListRef CodeListOID="CL.{column}"/>' if question.kind == "choice" else ""
        yield f'<ItemDef OID="I.{column}" Name={quoteattr(label)} DataType="{kind}">{reference}</ItemDef>'


def _code_list(question: Field) -> Iterator[str]:
    yield f'<CodeList OID="CL.{question.name}" Name={quoteattr(question.label)} DataType="integer">'
    for place, label in enumerate(question.choices.values(), 1):
        decoded = f"<Decode><TranslatedText>{escape(label)}</TranslatedText></Decode>"
        yield f'<CodeListItem CodedValue="{place}">{decoded}</CodeListItem>'
    yield "</CodeList>"


def _subject(journey: Journey) -> Iterator[str]:
    yield f"<SubjectData SubjectKey={quoteattr(journey.person.number)}>"
    yield '<StudyEventData StudyEventOID="SE.JOURNEY">'
    for form in filled(journey):
        repeat = f' FormRepeatKey="{form.instance}"' if form.instance else ""
        yield f'<FormData FormOID="F.{form.form}"{repeat}><ItemGroupData ItemGroupOID="IG.{form.form}">'
        for column, value in form.values.items():
            if value:
                yield f"<ItemData ItemOID={quoteattr('I.' + column)} Value={quoteattr(value)}/>"
        yield "</ItemGroupData></FormData>"
    yield "</StudyEventData></SubjectData>"


def _yes(true: bool) -> str:
    return "Yes" if true else "No"
