"""How fast does an export become validated FHIR, does memory stay flat, and how fast are others in the same run?

    python benchmarks/map.py [--sizes 10000 100000] [--messages 10]

One core, processor time: rows of centre B's laboratory CSV are mapped, every resource is validated by the guide, and
all is written as NDJSON, each size in a process of its own so that peaks of memory compare (1000000 takes minutes).
Then the same Observations are built with fhir.resources, which checks no profile. HL7 v2 messages of synthetic patients
are mapped and validated, parsed with python-hl7 (pip install -r benchmarks/peers/requirements.txt), and converted with
LinuxForHealth's hl7v2-fhir-converter (cd benchmarks/peers/linuxforhealth && mvn -q package), which validates nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PEER = ROOT / "benchmarks" / "peers" / "linuxforhealth"
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


def measure(example: str, exports: Sequence[Path], out: Path) -> tuple[int, int, float, float]:
    """(rows, resources, seconds to map, seconds to map, validate and write) of processor time, definitions loaded."""
    from cart_fhir.mappers import load_map
    from cart_fhir.validator import Validator

    mapping, validator = load_map(ROOT / "examples" / example / "map.yaml"), Validator()
    with mapping.run(exports, limit=5) as mapped:
        for one in mapped:
            validator.validate(one)
    start = time.process_time()
    with mapping.run(exports) as mapped:
        rows = sum(total.read for total in mapped.totals)
        done = time.process_time() - start
        errors = sum(issue.is_error for one in mapped for issue in validator.validate(one))
        count = sum(mapped.write_ndjson(out).values())
        seconds = time.process_time() - start
        if errors or mapped.refused:
            raise SystemExit(f"{errors} errors, {mapped.refused} rows refused: figures would mean nothing.")
    return rows, count, done, seconds


def tabular(rows: int) -> None:
    """Map and validate an export of `rows` rows in this process, and print what it took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "export").mkdir()
        write_export(folder / "export", rows)
        read, count, done, seconds = measure("centre-b", [folder / "export"], folder / "out")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"CSV        {read:9,} rows {count:9,} resources: mapped {count / done:6,.0f}/s,"
            f" mapped, validated and written {count / seconds:6,.0f}/s, peak {peak} MB",
            flush=True,
        )


def built() -> None:
    """The same Observations through fhir.resources, which knows R4B and no profile."""
    from fhir.resources.R4B.observation import Observation

    from cart_fhir.mappers import load_map

    with tempfile.TemporaryDirectory() as name:
        write_export(Path(name), 2000)
        with load_map(ROOT / "examples" / "centre-b" / "map.yaml").run([name]) as mapped:
            some = [json.dumps(one, default=float) for one in mapped if one["resourceType"] == "Observation"]
    start = time.process_time()
    for text in some:
        Observation.model_validate_json(text)
    rate = len(some) / (time.process_time() - start)
    print(f"fhir.resources     {len(some):7,} of these Observations built {rate:6,.0f}/s")


def messages(patients: int) -> None:
    """HL7 v2 messages of synthetic patients: ours, python-hl7, LinuxForHealth."""
    from cart_fhir.synth import write

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write("hl7v2", folder / "export", patients, 7)
        _, count, done, seconds = measure("hl7v2", files, folder / "out")
        text = "".join(path.read_text(encoding="utf-8") for path in files)
        number = text.count("MSH|")
        print(
            f"HL7 v2     {number:9,} messages {count:5,} resources: mapped {number / done:6,.0f} messages/s,"
            f" mapped, validated and written {number / seconds:6,.0f} messages/s, {count / seconds:6,.0f} resources/s"
        )
        print(f"python-hl7         {parsed(text)}")
        (folder / "all.hl7").write_text(text, encoding="utf-8")
        print(f"LinuxForHealth     {converted(folder / 'all.hl7')}")


def parsed(text: str) -> str:
    """python-hl7: messages parsed per second, and no more."""
    try:
        import hl7
    except ImportError:
        return "not measured: not installed (pip install -r benchmarks/peers/requirements.txt)"
    parts = ["MSH|" + part for part in text.replace("\n", "\r").split("MSH|")[1:]]
    start = time.process_time()
    for part in parts:
        hl7.parse(part)
    return f"parse only: {len(parts) / (time.process_time() - start):6,.0f} messages/s"


def converted(path: Path) -> str:
    """LinuxForHealth's converter on the same messages (warm), or why it was not asked."""
    if shutil.which("java") is None:
        return "not measured: no java here"
    if not (PEER / "target" / "dependency").is_dir():
        return "not measured: not built (cd benchmarks/peers/linuxforhealth && mvn -q package)"
    call: list[Any] = [
        "java",
        "-cp",
        f"{PEER / 'target' / 'classes'}:{PEER / 'target' / 'dependency' / '*'}",
        "Peer",
        path,
    ]
    done = subprocess.run(call, capture_output=True, text=True, timeout=900, check=False)
    return "; ".join(done.stdout.split("\n")).strip("; ") or done.stderr.strip()[-300:]


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000], metavar="ROWS")
    arguments.add_argument(
        "--messages", type=int, default=10, metavar="PATIENTS", help="whose HL7 v2 messages; 0: none"
    )
    given = arguments.parse_args()
    if len(given.sizes) == 1 and not given.messages:
        return tabular(given.sizes[0])
    for rows in given.sizes:
        call = [sys.executable, __file__, "--sizes", str(rows), "--messages", "0"]
        subprocess.run(call, check=True)
    built()
    if given.messages:
        messages(given.messages)
    return None


if __name__ == "__main__":
    main()
