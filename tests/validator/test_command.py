"""The command line: forms of input, forms of output, exit status, ignore files, explanations."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click import UsageError
from click.testing import CliRunner, Result

from cart_fhir.cli.validate import command
from cart_fhir.errors import BadSyntax, NotFound

GOOD = {"resourceType": "Patient", "id": "good", "active": True}
BAD = {"resourceType": "Patient", "id": "bad", "birthDate": "1970-02-30"}


@pytest.fixture
def run() -> Callable[..., Result]:
    def call(*arguments: object) -> Result:
        return CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_text(json.dumps(BAD, indent=1))
    (tmp_path / "bad.xml").write_text('<Patient xmlns="http://hl7.org/fhir"><birthDate value="x"/></Patient>')
    lines = "\n".join(json.dumps(each) for each in (GOOD, BAD, GOOD))
    (tmp_path / "many.ndjson").write_text(lines + "\n")
    with gzip.open(tmp_path / "more.ndjson.gz", "wt") as stream:
        stream.write(lines)
    (tmp_path / "notes.txt").write_text("not a resource")
    return tmp_path


def test_exit_status(run: Callable[..., Result], folder: Path) -> None:
    assert run(folder / "good.json").return_value == 0
    assert run(folder / "bad.json").return_value == 1


def test_text_says_where_what_and_what_to_do(run: Callable[..., Result], folder: Path) -> None:
    text = run(folder / "bad.json").output
    assert "Patient.birthDate (line 4," in text
    assert "'1970-02-30' is not a day of the calendar" in text
    assert "1 resource: not valid; errors 1" in text


def test_json_is_one_operation_outcome(run: Callable[..., Result], folder: Path) -> None:
    outcome = json.loads(run(folder / "bad.json", "--output", "json").output)
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["expression"] == ["Patient.birthDate"]


def test_folders_streams_and_gzip(run: Callable[..., Result], folder: Path) -> None:
    result = run(folder)
    assert result.return_value == 1
    assert "9 resources: not valid; errors 4" in result.output
    assert "many.ndjson:2" in result.output


def test_what_cannot_be_read_is_a_finding_and_the_rest_is_checked(run: Callable[..., Result], folder: Path) -> None:
    (folder / "a.json.gz").write_bytes(b"no gzip")
    result = run(folder)
    assert result.return_value == 1
    assert "This is not a whole gzip file" in result.output
    assert "10 resources: not valid; errors 5" in result.output


def test_a_folder_without_resources_is_no_success(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a resource")
    result = run(tmp_path)
    assert isinstance(result.exception, NotFound)
    assert "names end in .json, .xml, .ndjson" in result.exception.advice


@pytest.mark.parametrize(("resource", "status"), [(GOOD, 0), (BAD, 1)])
def test_standard_input(resource: dict[str, Any], status: int) -> None:
    made = CliRunner().invoke(command, ["-"], input=json.dumps(resource), standalone_mode=False)
    assert made.return_value == status
    assert made.output.rstrip().splitlines()[-1].startswith("1 resource: ")


def test_an_empty_profile_is_refused(run: Callable[..., Result], folder: Path) -> None:
    assert isinstance(run(folder / "good.json", "--profile", "").exception, UsageError)


def test_definitions_that_cannot_be_read_are_named(run: Callable[..., Result], folder: Path) -> None:
    (folder / "bad").mkdir()
    (folder / "bad" / "package.json.txt").write_text("")
    assert "bad: no definition is in this folder" in run(folder / "good.json", "--definitions", folder / "bad").output
    (folder / "half.json").write_text('{"resourceType": "Struct')
    found = run(folder / "good.json", "--definitions", folder / "half.json").exception
    assert isinstance(found, BadSyntax)
    assert found.message.startswith("half.json cannot be read: ")


def test_jobs_find_the_same(run: Callable[..., Result], folder: Path) -> None:
    assert run(folder, "--jobs", 2).output == run(folder).output


def test_sarif(run: Callable[..., Result], folder: Path) -> None:
    made: dict[str, Any] = json.loads(run(folder / "bad.json", "--output", "sarif").output)
    result = made["runs"][0]["results"][0]
    assert result["ruleId"] == "format"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 4


def test_junit(run: Callable[..., Result], folder: Path) -> None:
    suite = ET.fromstring(run(folder / "many.ndjson", "--output", "junit").output)
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    rest = str(folder / "many.ndjson") + ": 2 resources without findings"
    assert [case.get("name") for case in suite] == [str(folder / "many.ndjson") + ":2", rest]
    suite = ET.fromstring(run(folder / "good.json", "--output", "junit").output)
    assert [case.get("name") for case in suite] == [str(folder / "good.json")]


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit"])
def test_a_name_that_is_no_utf_8_spoils_no_report(output: str, tmp_path: Path) -> None:
    for name in (b"pr\xe9fix.json", b'<a&b> "c".json'):
        (tmp_path / os.fsdecode(name)).write_text(json.dumps(BAD))
    (tmp_path / "odd.json").write_text('{"resourceType": "Patient", "active": "\\u0000\\u0007"}')
    made = CliRunner().invoke(command, [str(tmp_path), "--output", output], standalone_mode=False)
    assert made.return_value == 1
    text = made.stdout_bytes.decode()
    if output == "junit":
        assert len(ET.fromstring(text)) == 3
    elif output == "sarif":
        places = [result["locations"][0]["physicalLocation"] for result in json.loads(text)["runs"][0]["results"]]
        names = [place["artifactLocation"]["uri"].rpartition("/")[2] for place in places]
        assert sorted(set(names)) == ["%3Ca%26b%3E%20%22c%22.json", "odd.json", "pr%E9fix.json"]
    elif output == "json":
        assert len(json.loads(text)["issue"]) >= 3


def test_ignored_findings_need_a_reason(run: Callable[..., Result], folder: Path) -> None:
    file = folder / "ignore.yaml"
    file.write_text(
        "- {rule: format, expression: Patient.birthDate, reason: legacy data}\n- {rule: min, reason: none}\n"
    )
    result = run(folder / "bad.json", "--ignore", file)
    assert result.return_value == 0
    assert "'min' matched nothing" in result.stderr
    file.write_text("- {rule: format}\n")
    assert "reason" in str(run(folder / "bad.json", "--ignore", file).exception)


def test_fail_on_warnings(run: Callable[..., Result], folder: Path) -> None:
    claims = {**GOOD, "meta": {"profile": ["http://test.invalid/unknown"]}}
    (folder / "claims.json").write_text(json.dumps(claims))
    assert run(folder / "claims.json").return_value == 0
    assert run(folder / "claims.json", "--fail-on", "warning").return_value == 1


def test_unknown_profile_that_was_asked_for_is_an_error(run: Callable[..., Result], folder: Path) -> None:
    assert run(folder / "good.json", "--profile", "http://test.invalid/unknown").return_value == 1


def test_explain(run: Callable[..., Result]) -> None:
    text = run("--explain", "Observation.status").output
    assert "1..1" in text
    assert "required http://hl7.org/fhir/ValueSet/observation-status" in text


def test_definitions(run: Callable[..., Result], folder: Path) -> None:
    import yaml

    made = yaml.safe_load((Path(__file__).parent / "definitions" / "day.yaml").read_text())
    (folder / "day-definition.json").write_text(json.dumps(made))
    part = {"url": "day", "valueInteger": 1}
    day = {**GOOD, "extension": [{"url": made["url"], "extension": [part]}]}
    (folder / "day.json").write_text(json.dumps(day))
    assert "extension-unknown" in run(folder / "day.json").output
    assert "extension-context" in run(folder / "day.json", "--definitions", folder / "day-definition.json").output


@pytest.mark.parametrize("output", ["text", "json", "sarif", "junit"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_wrong_with_definitions_is_told(
    run: Callable[..., Result], folder: Path, output: str, jobs: int
) -> None:
    package = folder / "package"
    package.mkdir()
    (package / "package.json").write_text(
        json.dumps({"name": "test.guide", "version": "1.0.0", "dependencies": {"test.other": "2.0.0"}})
    )
    odd = {
        "resourceType": "StructureDefinition",
        "url": "http://test.invalid/StructureDefinition/odd",
        "type": "Patient",
        "kind": "resource",
        "derivation": "constraint",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "differential": {"element": [{"id": "Patient.nowhere", "path": "Patient.nowhere", "min": 1}]},
    }
    (package / "StructureDefinition-odd.json").write_text(json.dumps(odd))
    arguments = (folder / "good.json", "--definitions", package, "--output", output, "--jobs", jobs)
    result = run(*arguments)
    assert result.return_value == 0
    assert "test.other 2.0.0 is not loaded" in result.output
    assert "Patient.nowhere" in result.output
    assert run(*arguments, "--fail-on", "warning").return_value == 1


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"<a", b"\xff\xfe", b'{"a":1,"a":2}', b"null"])
def test_malformed_text_is_a_finding(run: Callable[..., Result], tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    result = run(tmp_path / "x.json", "--output", "json")
    assert result.return_value == 1
    assert json.loads(result.output)["issue"][0]["severity"] in ("fatal", "error")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_ctrl_c_ends_the_workers_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "many.ndjson").write_text((json.dumps(GOOD) + "\n") * 400_000)
    call = "import sys; from cart_fhir.cli import main; print('begun', flush=True); main()"
    words = [sys.executable, "-c", call, "validate", str(tmp_path), "--jobs", "2"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == "begun\n"
        while process.poll() is None and not _children(process.pid):
            time.sleep(0.05)
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 2
        assert process.stderr.read().split() == ["Stopped."]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
