"""How fast is an export mapped, and does memory stay flat? CSV rows of centre B's laboratory to NDJSON, on one core.

    python benchmarks/map.py [--rows 20000] [--validate 2000] [--large 200000]

Peers in the same run: building the same Observations with fhir.resources, and reading HL7 v2 with python-hl7 where it
is installed. Figures are resources a second; memory is the peak of the process.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = [("Piastrine", "10^3/uL"), ("Emoglobina", "g/dL"), ("C3", "mg/dL"), ("PCR", "mg/L"), ("CD19+", "cells/μl")]


def write_export(folder: Path, rows: int) -> None:
    """An export of about `rows` laboratory rows: 250 for each patient."""
    patients = max(1, rows // 250)
    with (folder / "pazienti.csv").open("w", encoding="utf-8-sig") as stream:
        stream.write("id_paziente,sesso,data_nascita,diagnosi_icd10,esordio,classe_nefrite,data_decesso\n")
        stream.writelines(f"B{n:06},F,1990-01-01,M32.9,2015-01,,\n" for n in range(patients))
    with (folder / "infusione.csv").open("w", encoding="utf-8-sig") as stream:
        stream.write("id_paziente,data_infusione,lotto,dose,peso_kg,cellule_totali,volume_completo,numero_infusione\n")
    with (folder / "laboratorio.csv").open("w", encoding="utf-8-sig") as stream:
        stream.write("id_paziente,data,giorno,esame,valore,unita\n")
        for number in range(patients):
            for day in range(50):
                when = (date(2024, 1, 1) + timedelta(days=day)).isoformat()
                stream.writelines(
                    f"B{number:06},{when},,{test},{10 + (day * 7 + number) % 90}.5,{unit}\n" for test, unit in TESTS
                )


def run(rows: int, validate: int) -> None:
    """Map an export of `rows` rows in this process and print what it took."""
    from cart_fhir.mappers import load_map

    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export"
        export.mkdir()
        write_export(export, rows)
        mapping = load_map(ROOT / "examples" / "centre-b" / "map.yaml")
        start = time.perf_counter()
        with mapping.run([export]) as mapped:
            count = sum(mapped.write_ndjson(Path(folder) / "out").values())
            seconds = time.perf_counter() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"map to NDJSON      {rows:>9} rows {count:>9} resources {count / seconds:>9.0f}/s  peak {peak} MB")
            if validate:
                check(mapped, validate, seconds / count)


def check(mapped: object, number: int, each: float) -> None:
    """Validate the first resources, warm, and print the rate alone and with mapping."""
    from itertools import islice

    from cart_fhir.validator import Validator

    validator = Validator()
    resources = list(islice(iter(mapped), number))  # type: ignore[call-overload]  # Mapped iterates over resources
    for one in resources[:200]:
        validator.validate(one)
    start = time.perf_counter()
    errors = sum(issue.is_error for one in resources for issue in validator.validate(one))
    alone = (time.perf_counter() - start) / len(resources)
    print(f"validate           {len(resources):>9} resources, {errors} errors {1 / alone:>14.0f}/s")
    print(f"map and validate   {1 / (alone + each):>44.0f}/s")
    peers(resources)


def peers(resources: list[dict[str, object]]) -> None:
    """The same Observations through fhir.resources, and HL7 v2 through python-hl7."""
    from fhir.resources.R4B.observation import Observation

    observations = [one for one in resources if one["resourceType"] == "Observation"][:2000]
    start = time.perf_counter()
    for one in observations:
        Observation.model_validate(one)
    print(f"fhir.resources     build only {len(observations) / (time.perf_counter() - start):>34.0f}/s")
    try:
        import hl7
    except ImportError:
        print("python-hl7         not installed")
        return
    text = (ROOT / "examples" / "hl7v2" / "export" / "oru.hl7").read_text(encoding="latin-1").replace("\n", "\r")
    start = time.perf_counter()
    for _ in range(500):
        hl7.parse(text)
    print(f"python-hl7         parse only, messages {500 / (time.perf_counter() - start):>24.0f}/s")


def main() -> None:
    """Run the small size with its peers, then the large one in a process of its own, so that peaks compare."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--rows", type=int, default=20_000)
    arguments.add_argument("--validate", type=int, default=2_000)
    arguments.add_argument("--large", type=int, default=200_000)
    given = arguments.parse_args()
    run(given.rows, given.validate)
    if given.large:
        subprocess.run(
            [sys.executable, __file__, "--rows", str(given.large), "--validate", "0", "--large", "0"], check=True
        )


if __name__ == "__main__":
    main()
