"""FHIR XML: the same resource as its JSON, hardened reading, told problems."""

from __future__ import annotations

import pathlib
from decimal import Decimal
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
import yaml

from cart_fhir import formats
from cart_fhir.definitions import Registry
from cart_fhir.errors import BadSyntax
from cart_fhir.fhirpath.types import Element, is_primitive
from cart_fhir.formats import json, xml
from cart_fhir.issues import Issue

CASES = yaml.safe_load((pathlib.Path(__file__).parent / "xml_cases.yaml").read_text(encoding="utf-8"))
SHARED = pathlib.Path(__file__).parents[2] / ".." / "shared" / "cases"
FILES = sorted([*SHARED.glob("fhirpath/*.*ml"), *SHARED.glob("validator/files/**/*.xml")])
TYPES = Registry.default().types


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_refused_or_told(case: dict[str, Any]) -> None:
    issues: list[Issue] = []
    if "refused" in case:
        with pytest.raises(BadSyntax, match=case["refused"]) as caught:
            xml.loads(case["text"], TYPES, issues)
        assert caught.value.line is not None
        return
    xml.loads(case["text"], TYPES, issues)
    assert [[issue.rule, issue.expression] for issue in issues] == case["issues"]
    if issues:
        with pytest.raises(BadSyntax):
            xml.loads(case["text"], TYPES)


@pytest.mark.parametrize("where", ["<?a b?>{}", "{}<?a b?>", "inside"])
def test_processing_instructions_are_told_to_who_asks(where: str) -> None:
    inner = "<?a b?>" if where == "inside" else ""
    document = f'<Patient xmlns="http://hl7.org/fhir">{inner}<id value="1"/></Patient>'
    text = where.format(document) if "{}" in where else document
    issues: list[Issue] = []
    assert xml.loads(text, TYPES, issues) == xml.loads(text, TYPES) == {"resourceType": "Patient", "id": "1"}
    assert [[issue.rule, issue.expression] for issue in issues] == [["xml-instruction", "Patient"]]


def test_reads_what_json_would_say() -> None:
    text = """<Observation xmlns="http://hl7.org/fhir">
      <id value="o"/>
      <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">a &lt; <b>b</b></div></text>
      <contained><Patient><id value="p"/></Patient></contained>
      <extension url="http://x"><valueDecimal value="1.50"/></extension>
      <status id="s" value="final"/>
      <valueQuantity><value value="12.0"/></valueQuantity>
      <component><valueBoolean value="true"/></component>
      <component id="c"><valueInteger value="-4"/><foo value="x"/></component>
    </Observation>"""
    assert xml.loads(text, TYPES) == {
        "resourceType": "Observation",
        "id": "o",
        "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">a &lt; <b>b</b></div>'},
        "contained": [{"resourceType": "Patient", "id": "p"}],
        "extension": [{"url": "http://x", "valueDecimal": Decimal("1.50")}],
        "status": "final",
        "_status": {"id": "s"},
        "valueQuantity": {"value": Decimal("12.0")},
        "component": [{"valueBoolean": True}, {"id": "c", "valueInteger": -4, "foo": "x"}],
    }
    assert str(xml.loads(text, TYPES)["valueQuantity"]["value"]) == "12.0"


def test_a_str_is_unicode_whatever_it_declares() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><Patient xmlns="http://hl7.org/fhir"><id value="é"/></Patient>'
    assert xml.loads(text, TYPES)["id"] == xml.loads(text.encode("utf-16"), TYPES)["id"] == "é"
    with pytest.raises(BadSyntax, match="surrogate"):
        xml.loads("<a>\ud800</a>", TYPES)


def test_text_that_does_not_fit_its_type_stays_text() -> None:
    text = '<Patient xmlns="http://hl7.org/fhir"><active value="yes"/><multipleBirthInteger value="1.0"/></Patient>'
    assert xml.loads(text, TYPES) == {"resourceType": "Patient", "active": "yes", "multipleBirthInteger": "1.0"}


def test_written_in_the_order_of_the_definition() -> None:
    written = xml.dumps(
        {"resourceType": "Patient", "birthDate": "1980", "name": [{"given": ["A"], "use": "usual"}]}, TYPES
    )
    assert written == (
        b'<?xml version="1.0" encoding="UTF-8"?><Patient xmlns="http://hl7.org/fhir">'
        b'<name><use value="usual"/><given value="A"/></name><birthDate value="1980"/></Patient>'
    )


def test_pretty() -> None:
    written = xml.dumps({"resourceType": "Patient", "name": [{"family": "A"}]}, TYPES, pretty=True).decode()
    assert written.splitlines()[1:] == [
        '<Patient xmlns="http://hl7.org/fhir">',
        "  <name>",
        '    <family value="A"/>',
        "  </name>",
        "</Patient>",
    ]


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Patient", "language": "a\x01b"},
        {"resourceType": "Patient", "text": {"div": "<div"}},
        {"resourceType": "Patient", "text": {"div": "<!DOCTYPE a><div xmlns='http://www.w3.org/1999/xhtml'/>"}},
        {"resourceType": "Patient", "x><y": 1},
        {"resourceType": "Patient/><evil"},
        {"id": "1"},
    ],
)
def test_what_xml_cannot_say_is_refused(resource: dict[str, Any]) -> None:
    with pytest.raises(BadSyntax):
        xml.dumps(resource, TYPES)


def test_entities_of_html_become_characters() -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml">a&nbsp;&amp;&eacute;</div>'
    written = xml.dumps({"resourceType": "Patient", "text": {"status": "generated", "div": div}}, TYPES)
    assert "a\u00a0&amp;é" in xml.loads(written, TYPES)["text"]["div"]


@pytest.mark.skipif(not FILES, reason="../shared/cases is not there")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_public_files_come_back_the_same(path: pathlib.Path) -> None:
    issues: list[Issue] = []
    try:
        resource = xml.loads(path.read_bytes(), TYPES, issues)
    except BadSyntax as error:
        assert error.line is not None  # noqa: PT017 - some files are wrong on purpose
        return
    if not issues:
        assert xml.loads(xml.dumps(resource, TYPES), TYPES) == resource
        assert json.loads(json.dumps(resource)) == resource


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=12)
PRIMITIVES: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "integer": st.integers(-(2**31), 2**31 - 1),
    "positiveInt": st.integers(1, 2**31 - 1),
    "unsignedInt": st.integers(0, 2**31 - 1),
    "decimal": st.decimals("-1000000", "1000000", places=3) | st.integers(-9, 9),
    "xhtml": st.sampled_from(['<div xmlns="http://www.w3.org/1999/xhtml"><p>a &amp; b</p></div>']),
}


@st.composite
def elements(draw: st.DrawFn, type_name: str, depth: int) -> dict[str, Any]:
    """A random value of a complex type, shaped right though seldom sensible."""
    made: dict[str, Any] = {}
    children = list(TYPES.children(type_name).values())
    for element in draw(
        st.lists(st.sampled_from(children), max_size=max(0, 5 - depth), unique_by=lambda one: one.name)
    ):
        key = draw(st.sampled_from(sorted(element.json_names)))
        draw(properties(made, element, key, depth))
    return made


@st.composite
def properties(draw: st.DrawFn, made: dict[str, Any], element: Element, key: str, depth: int) -> None:
    """Add a random property to the dict."""
    child = element.json_names[key]
    count = draw(st.integers(1, 2)) if element.max_is_many else 1
    if child == "Resource":
        values = [{"resourceType": "Basic", **draw(elements("Basic", depth + 2))} for _ in range(count)]
    elif is_primitive(child):
        values = [draw(PRIMITIVES.get(child, texts)) for _ in range(count)]
        in_attribute = key == "url" or (key == "id" and depth > 0)
        if child != "xhtml" and not in_attribute and draw(st.booleans()):
            extras = [{"id": draw(texts)} for _ in range(count)]
            made[f"_{key}"] = extras if element.max_is_many else extras[0]
    else:
        values = [draw(elements(child, depth + 1)) for _ in range(count)] if depth < 4 else [{"id": "deep"}] * count
    made[key] = values if element.max_is_many else values[0]


@hypothesis.settings(max_examples=150, suppress_health_check=list(hypothesis.HealthCheck), deadline=None)
@hypothesis.given(st.data())
def test_json_to_xml_to_json_is_the_same(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["Patient", "Observation", "Questionnaire", "Bundle", "MedicationAdministration"]))
    resource = {"resourceType": name, **data.draw(elements(name, 0))}
    written = xml.dumps(resource, TYPES)
    assert xml.loads(written, TYPES) == resource
    assert json.loads(json.dumps(resource)) == resource
    assert xml.dumps(xml.loads(written, TYPES), TYPES) == written


@hypothesis.settings(deadline=None)
@hypothesis.given(st.binary(max_size=80) | st.text(alphabet='<>/&;"= Patientxmlns:x!-[]?', max_size=80).map(str.encode))
def test_reading_ends_in_a_resource_or_in_bad_syntax(data: bytes) -> None:
    try:
        assert "resourceType" in xml.loads(b'<Patient xmlns="http://hl7.org/fhir">' + data + b"</Patient>", TYPES, [])
    except BadSyntax as error:
        assert error.message  # noqa: PT017 - both ends are right


TEXT = """<?xml version="1.0"?>
<Bundle xmlns="http://hl7.org/fhir">
  <entry><resource><Patient><name/><name><given value="é"/><given value="B"/></name></Patient></resource></entry>
  <entry>
    <resource>
      <Observation>
        <extension url="http://x"/>
        <extension url="http://y">
          <valueString value="z"/></extension>
        <status
            value="final"/>
        <valueQuantity><code value="mg"/></valueQuantity>
      </Observation>
    </resource>
  </entry>
</Bundle>"""


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ("Bundle", (2, 1)),
        ("Bundle.entry[0].resource.name[1].given[1]", (3, 60)),
        ("Bundle.entry[1].resource.ofType(Observation)", (6, 7)),
        ("Bundle.entry[1].resource.ofType(Observation).value.ofType(Quantity).code", (12, 24)),
        ("Bundle.entry[1].resource.value.code", (12, 24)),
        ("Bundle.entry[1].resource.extension('http://y').value", (9, 11)),
        ("Bundle.entry[1].resource.extension[1].value.ofType(string)", (9, 11)),
        ("Bundle.entry[1].resource.status", (10, 9)),
        ("Bundle.entry[1].resource.code", (6, 7)),
    ],
)
def test_locate(expression: str, place: tuple[int, int]) -> None:
    assert xml.locate(TEXT)(expression) == place


def test_locate_knows_nothing_of_text_that_is_not_xml() -> None:
    assert xml.locate("<a>")("Patient.name") is None
    assert xml.locate("<!DOCTYPE a><a/>")("Patient.name") is None


def test_depth_is_bounded() -> None:
    deep = '<Questionnaire xmlns="http://hl7.org/fhir">' + "<item>" * 59 + "</item>" * 59 + "</Questionnaire>"
    assert json.loads(json.dumps(xml.loads(deep, TYPES)))
    with pytest.raises(BadSyntax):
        xml.loads('<Patient xmlns="http://hl7.org/fhir">' + "<a>" * 200 + "</a>" * 200 + "</Patient>", TYPES)
    with pytest.raises(BadSyntax):
        xml.loads('<Patient xmlns="http://hl7.org/fhir">' + "<a>" * 99_999, TYPES)


@pytest.mark.parametrize(
    ("data", "content_type", "kind"),
    [
        (b' {"resourceType": "Patient"}', None, "Patient"),
        (b'\xef\xbb\xbf<Patient xmlns="http://hl7.org/fhir"/>', None, "Patient"),
        (b'<Patient xmlns="http://hl7.org/fhir"/>', "application/fhir+xml; charset=utf-8", "Patient"),
        (b'{"resourceType": "Patient"}', "application/fhir+json;fhirVersion=4.0", "Patient"),
    ],
)
def test_read_chooses_by_content_type_or_look(data: bytes, content_type: str | None, kind: str) -> None:
    assert formats.read(data, TYPES, content_type)["resourceType"] == kind


def test_read_refuses_other_types_and_other_values() -> None:
    with pytest.raises(formats.UnsupportedMedia, match="text/html"):
        formats.read(b"<html/>", TYPES, "text/html")
    with pytest.raises(BadSyntax, match="object"):
        formats.read(b"[]", TYPES)
    with pytest.raises(BadSyntax):
        formats.read(b"<Patient/>", TYPES, "application/fhir+json")
