"""How fast are resources checked, right ones, wrong ones and bundles, and how fast are others in the same run?

python benchmarks/validate.py [patients]

Every resource is checked once, as text, by one process on one core; times are those of the processor unless said
otherwise. Peers: fhir.resources (parsing only: it checks no profiles) always; @medplum/core (structure and invariants
of base R4, no profiles) where installed (cd benchmarks/peers/medplum-validator && npm install), which needs Node; HAPI
FHIR's FhirInstanceValidator where built (cd benchmarks/peers/hapi && mvn -q package), which needs Java.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cart_fhir.synth import write
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[1]
HAPI = ROOT / "benchmarks" / "peers" / "hapi"
MEDPLUM = ROOT / "benchmarks" / "peers" / "medplum-validator"
BREAKS = [
    ("status", "finished"),
    ("subject", {"reference": "Group/1"}),
    ("effectiveDateTime", "2024-02-30"),
    ("foo", 1),
]


def lines(folder: Path, *types: str) -> list[bytes]:
    """The resources of some types that the generator wrote, one a line."""
    return [line for name in types for line in (folder / f"{name}.ndjson").read_bytes().splitlines()]


def broken(line: bytes, seed: int) -> bytes:
    """The resource with one or two faults."""
    made = json.loads(line)
    for key, value in random.Random(seed).sample(BREAKS, 2):
        made[key] = value
    return json.dumps(made).encode()


def rate(work: Iterable[Any], check: Any) -> tuple[float, int, float]:
    """Resources per second of processor time, how many had errors, and resources per second by the clock."""
    start, clock, number, wrong = time.process_time(), time.perf_counter(), 0, 0
    for each in work:
        wrong += any(issue.is_error for issue in check(each))
        number += 1
    return number / (time.process_time() - start), wrong, number / (time.perf_counter() - clock)


def bundle(resources: list[bytes], number: int) -> bytes:
    """A collection of that many entries."""
    entries = [
        {
            "fullUrl": f"urn:uuid:00000000-0000-4000-8000-{index:012d}",
            "resource": json.loads(resources[index % len(resources)]),
        }
        for index in range(number)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def cold(path: Path) -> tuple[float, float, float]:
    """Seconds by the clock and by the processor, and MB, of `cart-fhir validate one.json` in a process of its own."""
    code = (
        "import atexit, resource\n"
        "def tell():\n"
        "    used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "    peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "    print('used', used.ru_utime + used.ru_stime, int(peak.split()[1]) / 1024)\n"
        "atexit.register(tell)\n"
        "from cart_fhir.cli import main; main()\n"
    )
    found = []
    for _ in range(5):
        start = time.perf_counter()
        call = [sys.executable, "-c", code, "validate", str(path)]
        done = subprocess.run(call, check=False, capture_output=True, text=True)
        clock = time.perf_counter() - start
        processor, megabytes = map(float, done.stdout.rpartition("used ")[2].split())
        found.append((clock, processor, megabytes))
    return min(found)


def typed(good: list[bytes]) -> float:
    """fhir.resources: resources parsed per second."""
    from fhir.resources.R4B.observation import Observation

    some = good[:500]
    start = time.process_time()
    for each in some:
        Observation.model_validate_json(each)
    return len(some) / (time.process_time() - start)


def hapi(good: list[bytes], folder: Path) -> str:
    """HAPI's validator on the same resources, or why it was not asked."""
    if shutil.which("java") is None:
        return "not measured: no java here"
    if not (HAPI / "target" / "dependency").is_dir():
        return "not measured: not built (cd benchmarks/peers/hapi && mvn -q package)"
    sample = folder / "peer.ndjson"
    sample.write_bytes(b"\n".join(good[:: max(1, len(good) // 300)]))
    path = f"{HAPI / 'target' / 'classes'}:{HAPI / 'target' / 'dependency' / '*'}"
    guide = ROOT / "implementation_guide" / "fsh-generated" / "resources"
    done = subprocess.run(
        ["java", "-cp", path, "Peer", guide, sample], capture_output=True, text=True, timeout=900, check=False
    )
    return " ".join(done.stdout.split()) or done.stderr.strip()[-300:]


def medplum(good: list[bytes], folder: Path) -> str:
    """@medplum/core's validateResource on the same resources, or why it was not asked."""
    if shutil.which("node") is None:
        return "not measured: no node here"
    if not (MEDPLUM / "node_modules").is_dir():
        return "not measured: not installed (cd benchmarks/peers/medplum-validator && npm install)"
    sample = folder / "medplum.ndjson"
    sample.write_bytes(b"\n".join(good[:1000]))
    call = ["node", MEDPLUM / "peer.mjs", sample]
    done = subprocess.run(call, capture_output=True, text=True, timeout=300, check=False)
    return done.stdout.strip() or done.stderr.strip()[-300:]


def main() -> None:
    """Print the figures."""
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write("ndjson", folder, patients, 7)
        good = lines(folder, "Observation", "AdverseEvent")
        random.Random(1).shuffle(good)
        validator = Validator()
        for each in good[:300]:
            validator.validate(each)
        right, errors, by_clock = rate(good[300:], validator.validate)
        wrong, told, wrong_by_clock = rate(
            [broken(each, index) for index, each in enumerate(good[:3000])], validator.validate
        )
        print(f"right      {right:9.0f} /s   ({len(good) - 300} observations and adverse events, {errors} with errors)")
        print(f"           {by_clock:9.0f} /s   by the clock")
        print(f"wrong      {wrong:9.0f} /s   ({told} of {min(3000, len(good))} with errors, all findings with places)")
        print(f"           {wrong_by_clock:9.0f} /s   by the clock")
        per_entry = {}
        for number in (100, 1_000, 10_000):
            text = bundle(good, number)
            per_entry[number] = number * rate([text], validator.validate)[0]
            print(f"bundle     {per_entry[number]:9.0f} /s   ({number} entries)")
        print(f"           {per_entry[100] / per_entry[10_000]:9.2f} times the cost per entry in 10,000 as in 100")
        one = folder / "one.json"
        one.write_bytes(good[0])
        seconds, processor, megabytes = cold(one)
        print(f"cold       {seconds:9.2f} s    ({processor:.2f} s processor, {megabytes:.0f} MB) for one file")
        parsed = typed([each for each in good if b'"Observation"' in each])
        print(f"fhir.resources parses {parsed:.0f} /s: {right / parsed:.1f} times as many are checked here")
        print(f"medplum    {medplum(good, folder)}")
        print(f"HAPI       {hapi(good, folder)}")


if __name__ == "__main__":
    main()
