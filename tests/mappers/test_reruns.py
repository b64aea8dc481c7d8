"""Later runs: what vanished is withdrawn, patients whole or not at all, bundles for servers that give their own ids."""

from __future__ import annotations

from pathlib import Path

from cart_fhir.definitions import Registry
from cart_fhir.errors import CartFHIRError
from cart_fhir.formats import json
from cart_fhir.mappers import Map, load_map
from cart_fhir.mappers.bundle import by_identifier
from cart_fhir.mappers.state import State
from cart_fhir.mappers.withdrawn import withdrawn
from cart_fhir.server.config import load
from cart_fhir.server.http import Request
from cart_fhir.server.routes import dispatch
from cart_fhir.server.service import Service, Shared
from cart_fhir.store import open_store
from cart_fhir.validator import Validator

TEXT = """map: 1
source: {system: https://a.example/patients}
tables:
  patients:
    file: patients.csv
    columns: {PAT: {type: id, required: true}, SEX: {type: code, map: {f: female, m: male}, unmapped: refuse}}
    make:
      - {resource: Patient, key: [=PAT], body: {gender: =SEX}}
  weights:
    file: weights.csv
    columns: {PAT: {type: id, required: true}, DAY: {type: date, required: true}, KG: {type: number, unit: kg}}
    make:
      - resource: Observation
        key: [=PAT, "29463-7", =DAY]
        body:
          status: final
          category: =concept("http://terminology.hl7.org/CodeSystem/observation-category", vital-signs)
          code: =concept(loinc, "29463-7", "Body weight")
          subject: =ref(Patient, PAT)
          effectiveDateTime: =DAY
          valueQuantity: =quantity(KG)
"""
PATIENTS = "PAT,SEX\nP1,f\nP2,m\n"
WEIGHTS = "PAT,DAY,KG\nP1,2024-01-01,60\nP1,2024-02-01,61\nP2,2024-01-01,80\n"


def write(folder: Path, patients: str = PATIENTS, weights: str = WEIGHTS) -> Map:
    (folder / "map.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "export").mkdir(exist_ok=True)
    (folder / "export" / "patients.csv").write_text(patients, encoding="utf-8")
    (folder / "export" / "weights.csv").write_text(weights, encoding="utf-8")
    return load_map(folder / "map.yaml")


def sent(folder: Path, mapping: Map, state: State, *, full: bool = True) -> tuple[list[str], list[str]]:
    with mapping.run([folder / "export"]) as mapped:
        entries = mapped.bundle(state, full=full)["entry"]
        told = [issue.rule for issue in mapped.issues]
    return [str(one["resource"].get("status", one["resource"]["resourceType"])) for one in entries], told


def test_a_complete_export_withdraws_what_it_holds_no_more_once(tmp_path: Path) -> None:
    state = State(keep=True)
    assert sent(tmp_path, write(tmp_path), state)[0].count("final") == 3
    state.write(tmp_path / "state.json")
    state = State.read(tmp_path / "state.json", keep=True)
    shorter = write(tmp_path, weights=WEIGHTS.replace("P1,2024-02-01,61\n", ""))
    assert sent(tmp_path, shorter, state) == (["entered-in-error"], ["withdrawn"])
    assert sent(tmp_path, shorter, state) == ([], [])


def test_nothing_is_withdrawn_unless_asked_or_while_rows_are_refused(tmp_path: Path) -> None:
    state = State(keep=True)
    sent(tmp_path, write(tmp_path), state)
    broken = write(tmp_path, weights=WEIGHTS.replace("P1,2024-02-01,61", "P1,2024-13-01,61"))
    given, told = sent(tmp_path, broken, state)
    assert given == []
    assert {"full-unsafe", "vanished"} <= set(told)
    shorter = write(tmp_path, weights=WEIGHTS.replace("P1,2024-02-01,61\n", ""))
    assert sent(tmp_path, shorter, state, full=False) == ([], ["vanished"])


def test_a_patient_has_no_status_and_is_told(tmp_path: Path) -> None:
    state = State(keep=True)
    sent(tmp_path, write(tmp_path), state)
    fewer = write(tmp_path, PATIENTS.replace("P2,m\n", ""), WEIGHTS.replace("P2,2024-01-01,80\n", ""))
    given, told = sent(tmp_path, fewer, state)
    assert given == ["entered-in-error"]
    assert sorted(told) == ["vanished", "withdrawn"]


def test_what_full_cannot_withdraw_says_why(tmp_path: Path) -> None:
    state = State()
    sent(tmp_path, write(tmp_path), state, full=False)  # of which the state keeps digests alone
    state.write(tmp_path / "state.json")
    state = State.read(tmp_path / "state.json", keep=True)
    shorter = write(tmp_path, weights=WEIGHTS.replace("P1,2024-02-01,61\n", ""))
    with shorter.run([tmp_path / "export"]) as mapped:
        assert mapped.bundle(state, full=True)["entry"] == []
        assert ["from the first run with --full on" in issue.text for issue in mapped.issues] == [True]
    fewer = write(tmp_path, PATIENTS.replace("P2,m\n", ""), WEIGHTS.replace("P2,2024-01-01,80\n", ""))
    with fewer.run([tmp_path / "export"]) as mapped:
        mapped.bundle(state, full=True)
        assert [issue.text for issue in mapped.issues if "has no status" in issue.text]


def test_how_each_type_is_withdrawn() -> None:
    condition = {"resourceType": "Condition", "id": "c", "clinicalStatus": {}, "subject": {"reference": "Patient/p"}}
    gone = withdrawn(condition)
    assert gone
    assert not [issue for issue in Validator().validate(gone) if issue.is_error]
    for kind in ("Patient", "AdverseEvent", "BiologicallyDerivedProduct", "Provenance"):
        assert withdrawn({"resourceType": kind}) is None, kind
    for kind in ("Observation", "Procedure", "MedicationAdministration", "Medication", "MedicationStatement"):
        assert (withdrawn({"resourceType": kind}) or {}).get("status") == "entered-in-error", kind


def test_with_whole_patients_a_refused_row_refuses_its_patient_and_no_other(tmp_path: Path) -> None:
    mapping = write(tmp_path, weights=WEIGHTS.replace("P1,2024-02-01,61", "P1,2024-02-01,much"))
    with mapping.run([tmp_path / "export"]) as mapped:
        assert [(total.mapped, total.refused) for total in mapped.totals] == [(2, 0), (2, 1)]
    with mapping.run([tmp_path / "export"], whole_patient=True) as mapped:
        assert [(total.mapped, total.refused) for total in mapped.totals] == [(1, 1), (1, 2)]
        told = [str(issue.origin) for issue in mapped.issues if issue.rule == "patient-refused"]
        assert told == ["patients.csv row 2", "weights.csv row 2"]
        (bundle,) = mapped.submissions()
        (patient,) = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"]
        assert patient["gender"] == "male"


def test_with_whole_patients_a_row_refused_later_counts_too(tmp_path: Path) -> None:
    with write(tmp_path).run([tmp_path / "export"], whole_patient=True) as mapped:
        one = next(r for r in mapped.resources if r.get("effectiveDateTime") == "2024-02-01")
        mapped.refuse({f"Observation/{one['id']}": Validator().validate({"resourceType": "Observation"})[:1]})
        assert mapped.refused == 3
        assert mapped.count == 2


def test_a_conditional_bundle_has_no_ids_and_is_stored_twice_as_once(tmp_path: Path) -> None:
    with write(tmp_path).run([tmp_path / "export"]) as mapped:
        bundle = mapped.bundle(conditional=True)
    urls = [entry["request"]["url"] for entry in bundle["entry"]]
    assert "Patient?identifier=https%3A%2F%2Fa.example%2Fpatients%7CP1" in urls
    assert not any("id" in entry["resource"] for entry in bundle["entry"])
    text = json.dumps([entry["resource"] for entry in bundle["entry"]]).decode()
    assert '"urn:uuid:' in text
    assert '"Patient/' not in text
    registry = Registry.default()
    store = open_store(f"sqlite:///{tmp_path / 'db.sqlite'}", registry)
    try:
        service = Service(Shared(registry, store, load({"CART_FHIR_STORE": "sqlite://"}), dispatch))
        for _ in range(2):
            done = dispatch(service, Request("POST", "", resource=bundle)).body or {}
            assert all(entry["response"]["status"][:2] == "20" for entry in done["entry"]), done
            assert (store.counts()["Patient"], store.counts()["Observation"]) == (2, 3)
    except CartFHIRError as problem:
        raise AssertionError([issue.text for issue in problem.issues]) from problem
    finally:
        store.close()


def test_a_later_conditional_bundle_names_the_patient_by_identifier(tmp_path: Path) -> None:
    state = State()
    sent(tmp_path, write(tmp_path), state)
    mapping = write(tmp_path, weights=WEIGHTS.replace("01,80", "01,81"))
    with mapping.run([tmp_path / "export"]) as mapped:
        first = mapped.bundle(state, conditional=True)["entry"][0]["resource"]
    assert first["subject"]["reference"] == "Patient?identifier=https%3A%2F%2Fa.example%2Fpatients%7CP2"


def test_marks_of_search_in_an_identifier_are_escaped() -> None:
    made = by_identifier({"resourceType": "Basic", "identifier": [{"system": "s", "value": "a|b,c"}]})
    assert made == "Basic?identifier=s%7Ca%5C%7Cb%5C%2Cc"
    assert by_identifier({"resourceType": "Provenance"}) == ""
