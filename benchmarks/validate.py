"""How fast are resources checked, right ones, wrong ones and bundles, and how fast are others in the same run?

python benchmarks/validate.py [patients]

Observations and adverse events of the guide, as text, are checked by one process on one core. Definitions are compiled
beforehand, by the resources of other patients, as in a server that runs. `new` are resources never seen before, `again`
the same a second time, when answers that they share are remembered: data of a hospital lie between the two. Rates are
by time of the processor and by the clock; where they differ much, something else ran on the machine.

Peers: fhir.resources (parsing only: it checks no profiles) always; @medplum/core (structure and invariants of base R4,
no profiles) where installed (cd benchmarks/peers/medplum-validator && npm install), which needs Node; HAPI FHIR's
FhirInstanceValidator where built (cd benchmarks/peers/hapi && mvn -q package), which needs Java.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cart_fhir.definitions import Registry
from cart_fhir.synth import write
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[1]
HAPI = ROOT / "benchmarks" / "peers" / "hapi"
MEDPLUM = ROOT / "benchmarks" / "peers" / "medplum-validator"
RATE = re.compile(r"(?:warm|parses) ([0-9.]+)|([0-9.]+) /s by processor")
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


def rate(work: Iterable[Any], check: Any) -> tuple[float, float, int]:
    """Resources per second of processor time and by the clock, and how many had errors."""
    start, clock, number, wrong = time.process_time(), time.perf_counter(), 0, 0
    for each in work:
        wrong += any(issue.is_error for issue in check(each))
        number += 1
    return number / (time.process_time() - start), number / (time.perf_counter() - clock), wrong


def passes(name: str, work: list[bytes], registry: Registry, before: list[bytes]) -> float:
    """Print how fast resources are checked when they are new, and again; the rate of the new ones.

    `before` are other resources, of which nothing is measured.
    """
    validator = Validator(registry=registry)
    for each in before:
        validator.validate(each)
    found = 0.0
    for state in ("new", "again"):
        processor, clock, errors = rate(work, validator.validate)
        found = found or processor
        print(
            f"{name:<7}{state:<6}{processor:8.0f} /s  {1e6 / processor:6.1f} us of processor, {clock:8.0f} /s by the "
            f"clock   ({len(work)}, {errors} with errors)"
        )
    return found


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
    if not guide.is_dir():
        return "not measured: the guide is not built (make guide)"
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


def beside(name: str, said: str, ours: float) -> None:
    """Print what a peer said, and our rate as a multiple of its own ("3873 /s by processor", "warm 21.5")."""
    found = RATE.search(said)
    times = ours / float(found[1] or found[2]) if found else 0
    print(f"{name:<13}{said}{f'   (here {times:.1f} times as many)' if times else ''}")


def main() -> None:
    """Print the figures."""
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good, before = made(folder, patients, 7), made(folder / "before", max(1, patients // 5), 8)
        right = passes("right", good, Registry(), before)
        faulty = [broken(each, index) for index, each in enumerate(good[:3000])]
        passes("wrong", faulty, Registry(), [broken(each, index) for index, each in enumerate(before)])
        bundles(good)
        one = folder / "one.json"
        one.write_bytes(good[0])
        seconds, processor, megabytes = cold(one)
        print(f"cold         {seconds:8.2f} s    ({processor:.2f} s of processor, {megabytes:.0f} MB) for one file")
        observations = [each for each in good if b'"Observation"' in each]
        beside("fhir.resources", f" parses {typed(observations):.0f} /s", right)
        beside("medplum", medplum(good, folder), right)
        beside("HAPI", hapi(good, folder), right)


def made(folder: Path, patients: int, seed: int) -> list[bytes]:
    """Right observations and adverse events of the guide, in no order."""
    folder.mkdir(exist_ok=True)
    write("ndjson", folder, patients, seed)
    found = lines(folder, "Observation", "AdverseEvent")
    random.Random(seed).shuffle(found)
    return found


def bundles(good: list[bytes]) -> None:
    """Print the rate of entries when the same 10,000 come in bundles of three sizes: the best of three runs each."""
    validator = Validator(registry=Registry())
    per_entry = {}
    for number in (100, 1_000, 10_000):
        texts = [bundle(good[start:] + good[:start], number) for start in range(0, 10_000, number)]
        per_entry[number] = max(number * rate(texts, validator.validate)[0] for _ in range(3))
        print(f"bundle       {per_entry[number]:8.0f} /s    ({number} entries)")
    print(f"             {per_entry[100] / per_entry[10_000]:8.2f} times the cost per entry in 10,000 as in 100")


if __name__ == "__main__":
    main()
