"""Coverage-guided fuzzing of the readers: python tests/fuzz_readers.py json|xml|fhirpath [--seconds 600]

Needs `pip install atheris`; not part of `make test`. What is held: reading ends in a value or in a told error
(BadSyntax, EvaluationError), what was read can be written and reads the same, and nothing takes longer than a second.
Inputs that break this are left as files named crash-* or timeout-* in the folder of --corpus.
"""

from __future__ import annotations

import argparse
import json as stdlib_json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cart_fhir.formats", "cart_fhir.fhirpath"]):
    from cart_fhir import fhirpath
    from cart_fhir.definitions import Registry, ucum
    from cart_fhir.errors import BadSyntax
    from cart_fhir.formats import json, json_text, xml
    from cart_fhir.issues import Issue

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
SEEDS = {
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
    """JSON reads and comes back, or both readers refuse it."""
    try:
        value = json.loads(data)
    except BadSyntax:
        try:
            json_text.scan(data)
        except BadSyntax:
            return
        raise AssertionError("the readers disagree") from None
    json_text.scan(data)
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


TARGETS: dict[str, Callable[[bytes], None]] = {"json": read_json, "xml": read_xml, "fhirpath": read_fhirpath}


def main() -> None:
    """Fuzz one target for so many seconds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=TARGETS)
    arguments.add_argument("--seconds", type=int, default=600)
    arguments.add_argument("--corpus", type=Path)
    options = arguments.parse_args()
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{options.target}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[options.target]):
        (corpus / f"seed-{number}").write_text(seed, encoding="utf-8")
    words = corpus / "words.dict"
    words.write_text("".join(f"{stdlib_json.dumps(word)}\n" for word in _words(options.target)), encoding="utf-8")
    target = TARGETS[options.target]
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
