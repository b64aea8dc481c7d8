"""ODM: transactions, units, versions of the metadata, and what is passed over."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import pytest

from cart_fhir.mappers import Unreadable
from cart_fhir.mappers.readers import odm

V13, V20 = "http://www.cdisc.org/ns/odm/v1.3", "http://www.cdisc.org/ns/odm/v2.0"


def whole(data: str, metadata: str = "", file: str = "Snapshot", space: str = V13) -> str:
    return (
        f'<ODM xmlns="{space}" xmlns:own="urn:x" FileType="{file}"><Study OID="S">{metadata}</Study>'
        f'<ClinicalData StudyOID="S" MetaDataVersionOID="M1">{data}</ClinicalData></ODM>'
    )


def subject(items: str, key: str = "1", group: str = "", transaction: str = "", more: str = "") -> str:
    return (
        f'<SubjectData SubjectKey="{key}" own:x="1" {transaction}>{more}<StudyEventData StudyEventOID="E">'
        f'<FormData FormOID="F"><ItemGroupData ItemGroupOID="G" {group}>{items}</ItemGroupData></FormData>'
        "</StudyEventData></SubjectData>"
    )


def item(oid: str, value: str, more: str = "") -> str:
    return f'<ItemData ItemOID="{oid}" Value="{value}" {more}/>'


def rows(tmp_path: Path, text: str, **options: str) -> list[dict[str, Any]]:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    return [dict(record.values) for record in odm.read(path, options).records]


def test_transactions_are_laid_over_one_another_in_their_order(tmp_path: Path) -> None:
    steps = [
        subject(item("A", "1") + item("B", "1") + item("C", "1"), transaction='TransactionType="Insert"'),
        subject(item("A", "9"), key="2"),
        subject(item("A", "2", 'TransactionType="Update"') + item("B", "1", 'TransactionType="Remove"')),
        subject(item("D", "4", 'TransactionType="Upsert"'), transaction='TransactionType="Context"'),
        subject('<ItemData ItemOID="C" IsNull="Yes"/>'),
        subject(item("X", "1"), group='ItemGroupRepeatKey="2"'),
        subject("", group='ItemGroupRepeatKey="2" TransactionType="Remove"'),
    ]
    one, other = sorted(rows(tmp_path, whole("".join(steps), file="Transactional")), key=lambda row: row["SubjectKey"])
    assert {name: one[name] for name in one if len(name) == 1} == {"A": "2", "D": "4"}
    assert other["A"] == "9"
    (after,) = rows(
        tmp_path,
        whole(
            steps[0] + subject(item("A", "1"), transaction='TransactionType="Remove"') + steps[3], file="Transactional"
        ),
    )
    assert {name for name in after if len(name) == 1} == {"D"}, "what was removed does not come back"


def test_of_a_snapshot_equal_groups_stay_rows_of_their_own(tmp_path: Path) -> None:
    found = rows(tmp_path, whole(subject(item("A", "1")) + subject(item("A", "2"))))
    assert [row["A"] for row in found] == ["1", "2"]


def test_units_and_decodes_in_the_language_asked_for(tmp_path: Path) -> None:
    metadata = """<BasicDefinitions><MeasurementUnit OID="MU.KG" Name="kilo"><Symbol><TranslatedText>kg</TranslatedText>
      </Symbol></MeasurementUnit><MeasurementUnit OID="MU.LB" Name="lb"/></BasicDefinitions><MetaDataVersion OID="M1">
      <ItemDef OID="W"><MeasurementUnitRef MeasurementUnitOID="MU.KG"/><MeasurementUnitRef MeasurementUnitOID="MU.LB"/>
      </ItemDef><ItemDef OID="V"><MeasurementUnitRef MeasurementUnitOID="MU.KG"/></ItemDef>
      <ItemDef OID="S"><CodeListRef CodeListOID="CL"/></ItemDef><CodeList OID="CL">
      <CodeListItem CodedValue="1"><Decode>
      <TranslatedText xml:lang="en">male</TranslatedText><TranslatedText xml:lang="de">männlich</TranslatedText>
      </Decode>
      </CodeListItem></CodeList></MetaDataVersion>"""
    data = subject(
        '<ItemData ItemOID="W" Value="150"><MeasurementUnitRef MeasurementUnitOID="MU.LB"/></ItemData>'
        + item("V", "70") + item("S", "1"), more='<SiteRef LocationOID="SITE.7"/>',
    )  # fmt: skip
    (row,) = rows(tmp_path, whole(data, metadata))
    assert (row["W.unit"], row["V.unit"], row["S.label"], row["LocationOID"]) == ("lb", "kg", "male", "SITE.7")
    assert rows(tmp_path, whole(data, metadata), language="de")[0]["S.label"] == "männlich"
    assert rows(tmp_path, whole(data, metadata), language="fr")[0]["S.label"] == "male"


def test_each_version_of_the_metadata_decodes_its_own_data(tmp_path: Path) -> None:
    def version(oid: str, text: str) -> str:
        return f"""<MetaDataVersion OID="{oid}"><ItemDef OID="S"><CodeListRef CodeListOID="CL"/></ItemDef>
          <CodeList OID="CL"><CodeListItem CodedValue="1"><Decode><TranslatedText>{text}</TranslatedText></Decode>
          </CodeListItem></CodeList></MetaDataVersion>"""

    text = whole(subject(item("S", "1")), version("M1", "one") + version("M2", "two"))
    assert rows(tmp_path, text)[0]["S.label"] == "one"
    assert rows(tmp_path, text.replace('MetaDataVersionOID="M1"', 'MetaDataVersionOID="M2"'))[0]["S.label"] == "two"


def test_studies_of_one_file_stay_apart(tmp_path: Path) -> None:
    """The same names of version, item, code list and subject, and other meanings: as exports of several sites have."""

    def study(name: str, text: str) -> str:
        return f"""<Study OID="{name}"><MetaDataVersion OID="M1"><ItemDef OID="S">
          <CodeListRef CodeListOID="CL"/></ItemDef><CodeList OID="CL">
          <CodeListItem CodedValue="1"><Decode><TranslatedText>{text}</TranslatedText></Decode>
          </CodeListItem></CodeList></MetaDataVersion></Study>"""

    for file in ("Snapshot", "Transactional"):
        data = "".join(
            f'<ClinicalData StudyOID="{name}" MetaDataVersionOID="M1">{subject(item("S", "1"))}</ClinicalData>'
            for name in ("A", "B")
        )
        studies = study("A", "one") + study("B", "two")
        text = f'<ODM xmlns="{V13}" xmlns:own="urn:x" FileType="{file}">'
        found = [
            (row["StudyOID"], row["SubjectKey"], row["S.label"])
            for row in rows(tmp_path, f"{text}{studies}{data}</ODM>")
        ]
        assert found == [("A", "1", "one"), ("B", "1", "two")]


def test_what_a_version_does_not_define_it_has_from_its_study(tmp_path: Path) -> None:
    text = whole(
        subject(item("S", "1") + item("P", "1")),
        """<MetaDataVersion OID="M0"><ItemDef OID="S"><CodeListRef CodeListOID="CL"/></ItemDef>
      <ItemDef OID="P"><CodeListRef CodeListOID="CL"/></ItemDef><CodeList OID="CL"><CodeListItem CodedValue="1"><Decode>
      <TranslatedText>one</TranslatedText></Decode></CodeListItem></CodeList></MetaDataVersion>
      <MetaDataVersion OID="M1"><Include StudyOID="S" MetaDataVersionOID="M0"/><ItemDef OID="P"/></MetaDataVersion>""",
    )
    (row,) = rows(tmp_path, text)
    assert row["S.label"] == "one"
    assert "P.label" not in row, "its own definition has no code list"


def test_what_vendors_say_of_subjects_and_events_is_a_cell(tmp_path: Path) -> None:
    data = subject(item("A", "1")).replace('own:x="1"', 'own:StudySubjectID="CART-1" own:Status="open"')
    data = data.replace('StudyEventOID="E"', 'StudyEventOID="E" own:StartDate="2025-02-03" own:Status="done"')
    (row,) = rows(tmp_path, whole(data))
    assert [row[f"own:{name}"] for name in ("StudySubjectID", "StartDate", "Status")] == [
        "CART-1",
        "2025-02-03",
        "done",
    ]


def test_the_outermost_group_is_the_form_of_version_2(tmp_path: Path) -> None:
    data = """<SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><ItemGroupData ItemGroupOID="DM"
      ItemGroupRepeatKey="2"><ItemGroupData ItemGroupOID="G"><ItemData ItemOID="A"><Value>1</Value></ItemData>
      </ItemGroupData><ItemData ItemOID="B"><Value>2</Value></ItemData></ItemGroupData>
      </StudyEventData></SubjectData>"""
    (row,) = rows(tmp_path, whole(data, space=V20), rows="form", only="DM")
    assert [row[name] for name in ("FormOID", "FormRepeatKey", "A", "B")] == ["DM", "2", "1", "2"]


def test_version_2_has_values_as_elements_and_units_as_items(tmp_path: Path) -> None:
    metadata = """<MetaDataVersion OID="M1"><ItemGroupDef OID="G"><ItemRef ItemOID="A" UnitsItemOID="U"/></ItemGroupDef>
      </MetaDataVersion>"""
    data = """<SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><ItemGroupData ItemGroupOID="G">
      <ItemData ItemOID="A"><Value>4.5</Value></ItemData><ItemData ItemOID="U"><Value>g/dL</Value></ItemData>
      <ItemData ItemOID="R"><Value SeqNum="1">white</Value><Value SeqNum="2">asian</Value></ItemData>
      <ItemData ItemOID="N" IsNull="Yes"><Value/></ItemData><ItemDataInteger ItemOID="I">7</ItemDataInteger>
      </ItemGroupData></StudyEventData></SubjectData>"""
    (row,) = rows(tmp_path, whole(data, metadata, space=V20))
    assert [row[name] for name in ("A", "A.unit", "R", "I")] == ["4.5", "g/dL", "white+asian", "7"]
    assert "N" not in row


def test_audit_records_signatures_and_vendors_are_passed_over(tmp_path: Path) -> None:
    audit = '<AuditRecord><UserRef UserOID="U"/><ReasonForChange>typo</ReasonForChange></AuditRecord>'
    data = f"""<SubjectData SubjectKey="1">{audit}<StudyEventData StudyEventOID="E">{audit}<FormData FormOID="F">
      <Signature/><ItemGroupData ItemGroupOID="G"><ItemData ItemOID="A" Value="1">{audit}<Annotation SeqNum="1"/>
      </ItemData><own:Thing/></ItemGroupData></FormData></StudyEventData></SubjectData><!-- note -->
      <AuditRecords>{audit}</AuditRecords>"""
    (row,) = rows(tmp_path, whole(data))
    assert row["A"] == "1"


def test_a_file_of_definitions_alone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(whole("", "<MetaDataVersion/>"), encoding="utf-8")
    reading = odm.read(path, {})
    assert list(reading.records) == []
    assert "no clinical data" in reading.doubts[0].text


def test_a_file_in_no_namespace_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as told:
        rows(tmp_path, '<ODM ODMVersion="1.3"/>')
    assert "xmlns" in told.value.advice


def test_a_name_that_nothing_has_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(whole(subject(item("A", "1"))), encoding="utf-8")
    reading = odm.read(path, {"only": "G2"})
    assert list(reading.records) == []
    assert [doubt.text for doubt in reading.doubts] == ["The file holds no data of 'G2'."]


@pytest.mark.parametrize("text", [f'<ODM xmlns="{V13}"><ClinicalData>', "<ODM/>", '<ODM xmlns="urn:other"/>'])
def test_half_a_file_and_other_kinds_are_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        rows(tmp_path, text)


@pytest.mark.parametrize("file", ["Snapshot", "Transactional"])
def test_memory_stays_flat(tmp_path: Path, file: str) -> None:
    """A hundred megabytes of subjects, each forgotten after use; comments and audit records do not hold them."""
    path = tmp_path / "large.xml"
    begin, end = whole("|", file=file).split("|")
    with path.open("w", encoding="utf-8") as stream:
        stream.write(begin)
        for number in range(2500):
            stream.write(subject(item("A", "x" * 1000) * 40, key=str(number)) + "<!-- next --><AuditRecords/>")
        stream.write(end)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in odm.read(path, {}).records) == 2500
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB
