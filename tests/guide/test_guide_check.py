"""The guide keeps every rule of `cart-fhir guide check`, and the rules can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from cart_fhir.cli.guide import command
from cart_fhir.guide import rules
from cart_fhir.guide.elements import filled

SOURCE = Path(__file__).parents[2] / "implementation_guide"


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_guide_keeps(rule) -> None:
    broken = list(rule(rules.Guide(SOURCE)))
    assert not broken, "\n".join(f"{breach.where}: {breach.text}" for breach in broken)


def _broken(rule, change) -> set[str]:
    guide = rules.Guide(SOURCE)
    guide.__dict__["definitions"], guide.__dict__["examples"] = list(guide.definitions), list(guide.examples)
    change(guide)
    return {breach.text for breach in rule(guide)}


def test_a_code_that_nobody_verified_is_told() -> None:
    example = {"resourceType": "Basic", "id": "b", "code": {"coding": [{"system": "http://loinc.org", "code": "1-8"}]}}
    told = _broken(rules.verified_codes, lambda guide: guide.examples.append(example))
    assert told == {"http://loinc.org 1-8 is not in verified-codes.csv"}


def test_a_profile_without_example_and_a_dangling_reference_are_told() -> None:
    def keep_only_crs(guide: rules.Guide) -> None:
        guide.examples[:] = [example for example in guide.examples if example["id"] == "hugo-crs"]

    assert "no example claims this profile" in _broken(rules.profiles_have_examples, keep_only_crs)
    assert "Patient/hugo-patient is not an example" in _broken(rules.references_resolve, keep_only_crs)
    assert any("Extension" in t or "extension" in t for t in _broken(rules.must_supports_have_examples, keep_only_crs))


def test_a_requirement_whose_test_is_gone_is_told(tmp_path: Path) -> None:
    data = tmp_path / "guide" / "input" / "data"
    data.mkdir(parents=True)
    (tmp_path / "test_a.py").write_text("def test_there() -> None: ...\n")
    proofs = ["test_a.py::test_there", "test_a.py::test_gone", "test_b.py::test_there", "cart-adm-1", ""]
    (data / "requirements.csv").write_text("id,held by\n" + "".join(f"R-{n},{p}\n" for n, p in enumerate(proofs)))
    told = list(rules.requirements(rules.Guide(tmp_path / "guide")))
    assert [breach.where for breach in told] == ["R-1", "R-2", "R-3", "R-4"]


def test_a_slice_is_filled_by_what_it_fixes() -> None:
    elements = [
        {"id": "Observation"},
        {"id": "Observation.component:ice"},
        {"id": "Observation.component:ice.code", "min": 1, "patternCodeableConcept": {"coding": [{"code": "ice"}]}},
    ]
    component = {"code": {"coding": [{"system": "s", "code": "ice"}]}, "valueInteger": 3}
    assert filled({"component": [component]}, "Observation.component:ice", elements)
    assert filled({"component": [component]}, "Observation.component:ice.value[x]", elements)
    assert not filled({"component": [{"code": {"coding": [{"code": "capd"}]}}]}, "Observation.component:ice", elements)


def test_the_command_says_what_it_checked() -> None:
    result = CliRunner().invoke(command, ["list", "--kind", "CapabilityStatement"], standalone_mode=False)
    assert result.return_value == 0
    assert [line.split()[0] for line in result.output.splitlines()] == [
        "cart-consumer",
        "cart-data-source",
        "cart-registry",
    ]
