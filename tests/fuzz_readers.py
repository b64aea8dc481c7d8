"""Coverage-guided fuzzing of the readers: python tests/fuzz_readers.py json|xml|fhirpath|FORMAT [--seconds 600]

FORMAT is a format of exports: csv, xlsx, fixed, redcap, hl7v2, cda, odm, omop, fhir, parquet, sql.

Needs `pip install atheris`; not part of `make test`. What is held: reading ends in a value or in a told error
(BadSyntax, EvaluationError; of exports Unreadable), what was read can be written and reads the same, and nothing takes
longer than a second.
Inputs that break this are left as files named crash-* or timeout-* in the folder of --corpus.
"""

from __future__ import annotations

import argparse
import json as stdlib_json
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["cart_fhir.formats", "cart_fhir.fhirpath", "cart_fhir.mappers.readers"]):
    from cart_fhir import fhirpath
    from cart_fhir.definitions import Registry, ucum
    from cart_fhir.errors import BadSyntax, ConfigError
    from cart_fhir.formats import json, json_mended, json_text, xml
    from cart_fhir.issues import Issue
    from cart_fhir.mappers.readers import (
        Unreadable,
        cda,
        delimited,
        excel,
        fhir,
        fixed,
        hl7v2,
        odm,
        omop,
        parquet,
        redcap,
        redcaplogic,
        sql,
    )

TYPES = Registry.default().types
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "active": True,
    "name": [{"given": ["Ada", None], "_given": [None, {"id": "x"}], "family": "L"}, {"family": "B"}],
    "birthDate": "1980-02-29",
    "deceasedDateTime": "2020-01-01T10:00:00+01:00",
    "multipleBirthInteger": 2,
}
SEEDS: dict[str, list[Any]] = {
    "csv": ['PAT;N\r\n1;"a\nb"\r\n2;"""x"\r\n', "a,b\n1\n1,2,3\n".encode("utf-16")],
    "fixed": ["P01abcdef\nP02"],
    "redcap": [
        "id,sex,box___1,box___2,a_complete\n1,2,0,1,2\n",
        "record,field_name,value\n1,sex,2\n1,box,1\n",
        "[sex] = '2' and ([box(1)] <> 1 or [age] >= 18.0)",
    ],
    "hl7v2": [
        "FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A|B|C|D|2026||ORU^R01|1|P|2.5||||||~ISO IR87\rPID|1||P1^^^H~P2\rORC|RE\r"
        "OBR|1||a\rOBX|1|FT|x||a\\F\\\\X41\\\\.br\\\rNTE|1||n\rSPM|1\rRXA|0\rRXR|IV\rBTS|1\rFTS|1\r"
    ],
    "cda": [
        '<section xmlns="urn:hl7-org:v3"><code code="1"/><text><td ID="a">x</td></text>'
        '<entry><act><templateId root="1"/>'
        '<entryRelationship><observation><code code="s"><originalText><reference value="#a"/></originalText></code>'
        '<effectiveTime xsi:type="PIVL_TS"><period value="1"/></effectiveTime><id root="1"/></observation>'
        "</entryRelationship></act></entry></section>"
    ],
    "odm": [
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" FileType="Transactional"><Study>'
        '<MetaDataVersion OID="M">'
        '<ItemDef OID="I"><CodeListRef CodeListOID="C"/></ItemDef><CodeList OID="C">'
        '<CodeListItem CodedValue="1"><Decode>'
        "<TranslatedText>a</TranslatedText></Decode></CodeListItem></CodeList></MetaDataVersion></Study>"
        '<ClinicalData MetaDataVersionOID="M"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E"><FormData '
        'FormOID="F"><ItemGroupData ItemGroupOID="G" TransactionType="Insert"><ItemData ItemOID="I" Value="1"/>'
        "</ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData></ODM>"
    ],
    "omop": [
        "measurement_id,unit_concept_id,measurement_date,measurement_datetime\n1,2,2026-01-01,2026-01-01 00:00:00\n"
    ],
    "fhir": [
        '{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation","contained":'
        '[{"id":"a"}],"subject":{"reference":"#a"},"component":[{"code":{"coding":[{"code":"x"}]}}],"extension":'
        '[{"url":"u","extension":[{"url":"v"}]}]}}]}',
        '<Observation xmlns="http://hl7.org/fhir"/>',
    ],
    "sql": ["sqlite:///x.db", "env:HOME", "postgresql://a:b@127.0.0.1:1/x"],
    "json": ['{"a":[1.50,-0.0e1,"\\u00e9\\"",null,true]}', '{"resourceType":"Patient","name":[{"given":["A"]}]}'],
    "xml": [
        '<name id="a"><given value="A"><extension url="x"><valueDecimal value="1.50"/></extension></given></name>',
        '<text><div xmlns="http://www.w3.org/1999/xhtml">a<b>c</b></div></text><contained><Group/></contained><foo/>',
    ],
    "fhirpath": [
        "Patient.name.where(given = 'Ada').given.first() | name.family.select($this & '!')",
        "iif(birthDate < today() - 18 years, deceased.as(dateTime) + 1 day, %resource.id.substring(0, 1))",
        "name.all(family.matches('^[A-Z]')) implies (1.5 'mg' * 2).toString() ~ '3'",
        "defineVariable('x', 1).name.aggregate($total + $index, 0) in (1 | 2.lowBoundary(3) | @2014T.highBoundary())",
        "descendants().ofType(string).sort(-$this).trace('t').repeat(length()).escape('json').encode('base64')",
    ],
}


def read_json(data: bytes) -> None:
    """JSON reads and comes back, or both readers refuse it; mended, it is read or refused too."""
    text = data.removeprefix(b"\xef\xbb\xbf")  # the first reader takes it off before it asks the second
    with suppress(BadSyntax):
        json_mended.read(data.decode("utf-8", "replace"))
    try:
        value = json.loads(data)
    except BadSyntax:
        try:
            json_text.scan(text)
        except BadSyntax:
            return
        raise AssertionError("the readers disagree") from None
    json_text.scan(text)
    assert json.loads(json.dumps(value)) == value
    json.locate(data)("Patient.name[0].given[1]")


def read_xml(data: bytes) -> None:
    """XML reads and comes back, or is refused."""
    for text in (data, b'<Patient xmlns="http://hl7.org/fhir">' + data + b"</Patient>"):
        try:
            issues: list[Issue] = []
            resource = xml.loads(text, TYPES, issues)
            written = xml.dumps(resource, TYPES)
        except BadSyntax:
            continue
        again = xml.loads(written, TYPES, [])
        assert issues or xml.dumps(again, TYPES) == written
        xml.locate(text)("Patient.name[0].given[1]")


def read_fhirpath(data: bytes) -> None:
    """FHIRPath compiles and evaluates, or says why not."""
    try:
        expression = fhirpath.compile(data.decode("utf-8", "replace"), TYPES, "Patient")
        expression.evaluate(PATIENT, fhirpath.Env(convert=ucum.convert))
    except (BadSyntax, fhirpath.EvaluationError):
        return


# format -> reader, end of the file's name, options to try
EXPORTS: dict[str, tuple[Any, str, list[dict[str, Any]]]] = {
    "csv": (delimited, ".csv", [{}, {"header": [1, 2], "encoding": "cp1252"}, {"transpose": True}]),
    "xlsx": (excel, ".xlsx", [{}]),
    "fixed": (fixed, ".txt", [{"widths": {"A": "1-3", "B": "4-9"}}]),
    "redcap": (redcap, ".csv", [{}, {"dictionary": "dictionary.csv"}]),
    "hl7v2": (hl7v2, ".hl7", [{"rows": rows} for rows in ("OBX", "RXA", "PID", "MSH")]),
    "cda": (
        cda,
        ".xml",
        [{"rows": rows} for rows in ("observation", "substanceAdministration", "section", "document")],
    ),
    "odm": (odm, ".xml", [{"rows": rows} for rows in ("itemgroup", "subject")]),
    "omop": (omop, ".csv", [{}]),
    "fhir": (fhir, ".json", [{"rows": "Observation"}]),
    "parquet": (parquet, ".parquet", [{}]),
    "sql": (sql, ".url", [{"table": "x"}]),
}
DICTIONARY = (
    "Variable / Field Name,Form Name,Field Type,Choices,Branching Logic (Show field only if...)\nid,a,text,,\n"
    + ('sex,a,radio,"1, m | 2, f",\nbox,a,checkbox,"1, x | 2, y",[sex] = \'2\'\n')
)


def read_export(format: str, folder: Path) -> Callable[[bytes], None]:
    """An export reads to its end, or is told to be unreadable."""
    module, end, tries = EXPORTS[format]
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    path = folder / f"export{end}"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        for options in tries:
            try:
                for record in module.read(path, options).records:
                    assert all(isinstance(name, str) for name in record.values)
            except (Unreadable, ConfigError):
                pass
        if format == "redcap":
            redcaplogic.parse(data.decode("utf-8", "replace"))(lambda name, code: None if code else name)

    return one


TARGETS: dict[str, Callable[[bytes], None]] = {"json": read_json, "xml": read_xml, "fhirpath": read_fhirpath}


def main() -> None:
    """Fuzz one target for so many seconds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=[*TARGETS, *EXPORTS])
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--corpus", type=Path)
    options = arguments.parse_args()
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{options.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS.get(options.target, ())):
        (corpus / f"seed-{number}").write_bytes(seed if isinstance(seed, bytes) else seed.encode())
    words = corpus / "words.dict"
    words.write_text("".join(f"{stdlib_json.dumps(word)}\n" for word in _words(options.target)), encoding="utf-8")
    place = Path(tempfile.mkdtemp(prefix="fuzz-export-"))
    target = TARGETS.get(options.target) or read_export(options.target, place)
    slowest = 0.0

    def one(data: bytes) -> None:
        nonlocal slowest
        began = time.process_time()
        target(data)
        took = time.process_time() - began
        if took > slowest:
            slowest = took
            print(f"slowest so far: {took:.3f} s for {data[:60]!r}", flush=True)
        if took > 1:
            raise AssertionError(f"took {took:.1f} s")

    limits = [f"-max_total_time={options.seconds}", "-max_len=4096", "-timeout=10", f"-artifact_prefix={corpus}/"]
    atheris.Setup([sys.argv[0], *limits, f"-dict={words}", str(corpus)], one)
    atheris.Fuzz()


def _words(target: str) -> list[str]:
    if target == "fhirpath":
        from cart_fhir.fhirpath.functions import FUNCTIONS

        return [
            *(f".{name}(" for name in FUNCTIONS),
            "$this",
            "$index",
            "$total",
            "%resource",
            " and ",
            " implies ",
            " div ",
        ]
    return (
        ["true", "null", "\\ud800", "resourceType"]
        if target == "json"
        else ['value="', "<extension ", "xmlns=", "<!--"]
    )


if __name__ == "__main__":
    main()
