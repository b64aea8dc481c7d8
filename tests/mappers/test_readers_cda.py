"""CDA: statements with what stands round them, narratives, nulls, fragments and several documents in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cart_fhir.errors import ConfigError
from cart_fhir.mappers import Unreadable
from cart_fhir.mappers.readers import cda

V3 = 'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sdtc="urn:hl7-org:sdtc"'
PATIENT = """<recordTarget><patientRole>
  <id root="2.16.840.1.113883.4.1" extension="999"/><id root="1.2.3" extension="MRN7"/>
  <patient><birthTime value="1980"/><sdtc:deceasedInd value="false"/></patient></patientRole></recordTarget>"""


def document(body: str, head: str = PATIENT, more: str = "") -> str:
    return f"""<ClinicalDocument {V3}><id root="9.9" extension="D1"/><code code="34133-9"/><title>Summary</title>
    <effectiveTime value="202603011200+0100"/>
    <author><time value="20260301"/><assignedAuthor><id extension="A1"/></assignedAuthor></author>
    <author><time value="20260302"/><assignedAuthor><id extension="A2"/></assignedAuthor></author>{head}
    <component><structuredBody><component><section><templateId root="2.16.1"/><code code="30954-2"/>
    <title>Results</title>{more}{body}</section></component></structuredBody></component></ClinicalDocument>"""


def rows(tmp_path: Path, text: str | bytes, kind: str = "observation", **options: str) -> list[dict[str, Any]]:
    path = tmp_path / "a.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [dict(record.values) for record in cda.read(path, {"rows": kind, **options}).records]


def test_header_patient_section_and_parent_stand_beside_a_statement(tmp_path: Path) -> None:
    body = """<entry><act classCode="ACT" moodCode="EVN" negationInd="true"><code code="CONC"/>
      <statusCode code="active"/><entryRelationship typeCode="SUBJ"><observation moodCode="INT"><code code="X"/>
      </observation></entryRelationship></act></entry>"""
    (row,) = rows(tmp_path, document(body))
    assert row["document/id@extension"] == "D1"
    assert row["document/author#2/assignedAuthor/id@extension"] == "A2"
    assert row["document/effectiveTime@value"] == "202603011200+0100"
    assert row["patient/id[1.2.3]@extension"] == "MRN7", "whatever the order of the identifiers"
    assert row["patient/patient/deceasedInd@value"] == "false"
    assert (row["section/code@code"], row["section/title"]) == ("30954-2", "Results")
    assert (row["parent@kind"], row["parent@negationInd"], row["parent/code@code"]) == ("act", "true", "CONC")
    assert row["@moodCode"] == "INT", "what is only planned can be told"
    (whole,) = rows(tmp_path, document(body), "document")
    assert whole["patient/patient/birthTime@value"] == "1980"


def test_what_is_null_has_its_flavour_and_no_value(tmp_path: Path) -> None:
    body = """<entry><observation nullFlavor="NI"><code nullFlavor="OTH"><originalText>odd</originalText>
      <translation codeSystem="1.1" code="B"/><translation codeSystem="2.2" code="C"/></code>
      <effectiveTime><low value="2026"/><high nullFlavor="UNK"/></effectiveTime>
      <value xsi:type="PQ" nullFlavor="ASKU"/></observation></entry>"""
    (row,) = rows(tmp_path, document(body))
    assert row["@nullFlavor"] == "NI"
    assert (row["code@nullFlavor"], row["code/originalText"]) == ("OTH", "odd")
    assert row["code/translation[2.2]@code"] == "C"
    assert (row["effectiveTime/low@value"], row["effectiveTime/high@nullFlavor"]) == ("2026", "UNK")
    assert (row["value@type"], row["value@nullFlavor"], row.get("value@value")) == ("PQ", "ASKU", None)


def test_texts_that_refer_into_the_narrative_are_that_text(tmp_path: Path) -> None:
    text = """<text><table><thead><tr><th>Test</th></tr></thead><tbody>
      <tr ID="r1"><td ID="n1">CRP <content styleCode="Bold">high</content></td><td>12 mg/L</td></tr></tbody></table>
      <paragraph>End.</paragraph></text>"""
    body = """<entry><observation><code code="1"><originalText><reference value="#n1"/></originalText></code>
      <text><reference value="#r1"/></text><value xsi:type="ED">said <reference value="#no"/></value></observation>
      </entry><entry><observation><code code="2"/><text>plain <reference value="#r1"/></text></observation></entry>
      <entry><observation><code code="3"/><text><reference value="#nowhere"/></text></observation></entry>"""
    first, second, third = rows(tmp_path, document(body, more=text))
    assert first["code/originalText"] == "CRP high"
    assert first["text"] == "CRP high | 12 mg/L"
    assert first["value"] == "said"
    assert second["text"] == "plain"
    assert "text" not in third
    (section,) = rows(tmp_path, document(body, more=text), "section")
    assert section["text"] == "Test\nCRP high | 12 mg/L\nEnd."


def test_times_of_doses_and_inner_statements_are_found_by_what_they_are(tmp_path: Path) -> None:
    body = """<entry><substanceAdministration moodCode="EVN">
      <effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime>
      <effectiveTime xsi:type="IVL_TS"><low value="20260101"/><width value="3" unit="d"/></effectiveTime>
      <doseQuantity value="30" unit="mg/m2"/><maxDoseQuantity><numerator value="1"/><denominator value="2"/>
      </maxDoseQuantity><participant typeCode="CSM"><participantRole><id root="7"/></participantRole></participant>
      <entryRelationship><observation><code code="33999-4"/><value xsi:type="CD" code="55561003"/></observation>
      </entryRelationship><entryRelationship><act><templateId root="4.4"/><text>note</text></act></entryRelationship>
      <entryRelationship><observation><code code="33999-4"/><value xsi:type="CD" code="second"/></observation>
      </entryRelationship></substanceAdministration></entry>"""
    (row,) = rows(tmp_path, document(body), "substanceAdministration")
    assert row["effectiveTime[PIVL_TS]/period@unit"] == "h"
    assert row["effectiveTime[IVL_TS]/low@value"] == row["effectiveTime#2/low@value"] == "20260101"
    assert row["maxDoseQuantity/denominator@value"] == "2"
    assert row["participant[CSM]/participantRole/id@root"] == "7"
    assert row["entryRelationship[33999-4]/observation/value@code"] == "55561003"
    assert row["entryRelationship[33999-4]#2/observation/value@code"] == "second"
    assert row["entryRelationship[4.4]/act/text"] == "note"


def test_sections_are_chosen_by_code_or_template(tmp_path: Path) -> None:
    body = '<entry><observation><templateId root="5.5"/><code code="1"/></observation></entry>'
    for section, count in (("30954-2", 1), ("2.16.1", 1), ("10160-0", 0)):
        assert len(rows(tmp_path, document(body), section=section)) == count
    assert len(rows(tmp_path, document(body), template="5.5")) == 1
    assert rows(tmp_path, document(body), template="5.6") == []


@pytest.mark.parametrize(
    "text",
    [
        '<observation><code code="1"/><value xsi:type="PQ" value="1"/></observation>',
        '<!-- a fragment -->\n<entry><observation><code code="1"/><sdtc:x/></observation></entry>\n<entry/>',
        '<?xml version="1.0"?><entry><observation><code code="1"/></observation></entry><entry><act/></entry>',
        '<cda:entry><cda:observation><cda:code code="1"/></cda:observation></cda:entry>',
        '<section xmlns="urn:hl7-org:v3"><entry><observation><code code="1"/></observation></entry></section>',
    ],
)
def test_fragments_without_root_or_namespaces_are_read(tmp_path: Path, text: str) -> None:
    (row,) = rows(tmp_path, text)
    assert row["code@code"] == "1"


def test_documents_behind_one_another_and_within_one_root_keep_their_own_patients(tmp_path: Path) -> None:
    body = '<entry><observation><code code="1"/></observation></entry>'
    one = f'<?xml version="1.0" encoding="UTF-8"?>\n{document(body)}\n'
    other = one.replace("MRN7", "MRN8").replace('encoding="UTF-8"', "")
    path = tmp_path / "a.xml"
    path.write_text(one + other, encoding="utf-8")
    found = list(cda.read(path, {"rows": "observation"}).records)
    assert [record.values["patient/id#2@extension"] for record in found] == ["MRN7", "MRN8"]
    assert len({record.origin.row for record in found}) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all("<observation" in lines[(record.origin.row or 0) - 1] for record in found)
    wrapped = f"<all>{document(body)}{document(body).replace('MRN7', 'MRN8')}</all>"
    assert [row["patient/id#2@extension"] for row in rows(tmp_path, wrapped)] == ["MRN7", "MRN8"]


@pytest.mark.parametrize("text", ["<a/>", '<Patient xmlns="http://hl7.org/fhir"/>', "<ODM/>", "", "text", "<entry>"])
def test_xml_of_another_kind_and_half_a_document_are_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        rows(tmp_path, text)


def test_bytes_that_are_not_what_the_declaration_says_are_told(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><section><title>Ärzte</title></section>'
    with pytest.raises(Unreadable):
        rows(tmp_path, text.encode("latin-1"), "section")
    (row,) = rows(tmp_path, text.replace("UTF-8", "ISO-8859-1").encode("latin-1"), "section")
    assert row["section/title"] == "Ärzte"


def test_rows_must_be_named() -> None:
    with pytest.raises(ConfigError, match="which statements"):
        cda.read(Path("a.xml"), {"rows": "value"})


def test_a_section_is_looked_at_once_for_all_its_statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    marks = cda._marks

    def counted(section: Any) -> set[str]:
        looked.append(section)
        return marks(section)

    monkeypatch.setattr(cda, "_marks", counted)
    body = "".join(f'<entry><observation><code code="{code}"/></observation></entry>' for code in "ABC")
    assert [row["code@code"] for row in rows(tmp_path, document(body), section="30954-2")] == ["A", "B", "C"]
    assert rows(tmp_path, document(body), section="8716-3") == []
    assert len(looked) == 2, "one section, read twice"


def test_sections_may_be_several_and_narratives_are_those_without_entries(tmp_path: Path) -> None:
    text = "<component><section><code code='{}'/><title>{}</title><text>Words</text>{}</section></component>"
    entry = "<entry><observation><code code='X'/><value code='UNK' nullFlavor='UNK'/></observation></entry>"
    parts = [("1-1", "One", entry), ("2-2", "Two", entry), ("3-3", "Three", entry), ("4-4", "Four", "")]
    path = tmp_path / "d.xml"
    path.write_text(f"<structuredBody>{''.join(text.format(*part) for part in parts)}</structuredBody>")
    reading = cda.read(path, {"rows": "observation", "section": ["1-1", "3-3"]})
    records = list(reading.records)
    assert [record.values["section/code@code"] for record in records] == ["1-1", "3-3"]
    assert "value@code" not in records[0].values  # what is null has no code, though one is written
    assert set(reading.held) - reading.taken == {"Two (2-2)", "Four (4-4)"}
    assert [doubt.text[:12] for doubt in reading.doubts] == ["The document"]  # it has no patient
    (note,) = cda.read(path, {"rows": "narrative"}).records
    assert (note.values["section/title"], note.values["text"]) == ("Four", "Words")


def test_manifestations_and_reasons_go_by_what_they_are(tmp_path: Path) -> None:
    inner = "<observation><code code='ASSERTION'/><value code='{}'/></observation>"
    related = "".join(
        f"<entryRelationship typeCode='{kind}'>{inner.format(code)}</entryRelationship>"
        for kind, code in (("RSON", "R1"), ("MFST", "M1"), ("MFST", "M2"), ("SUBJ", "S1"))
    )
    path = tmp_path / "d.xml"
    path.write_text(f"<entry><act><code code='A'/>{related}</act></entry>")
    (record,) = cda.read(path, {"rows": "act"}).records
    names = ("[RSON]", "[MFST]", "[MFST]#2", "[ASSERTION]")
    found = [record.values[f"entryRelationship{name}/observation/value@code"] for name in names]
    assert found == ["R1", "M1", "M2", "S1"]
