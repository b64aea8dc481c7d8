"""How long does the main job take? Exports of PATIENTS synthetic patients -> map -> validate -> SQLite, on one core.

    python benchmarks/main_job.py [--patients 1000] [--centre centre-a]

Printed: resources a second of the whole and of each step, the peak of memory, and a second run of the same export, that
must change nothing. Peer in the same run: building the same resources as fhir.resources models (parse and check alone).
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from cart_fhir import pipeline, synth
from cart_fhir.definitions import Registry
from cart_fhir.mappers import load_map
from cart_fhir.store import open_store
from cart_fhir.validator import Validator

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run for both centres and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--patients", type=int, default=1000)
    ask.add_argument("--centre", action="append", help="centre-a, centre-b; both when not given")
    asked = ask.parse_args()
    patients, centres = asked.patients, asked.centre or ["centre-a", "centre-b"]
    registry = Registry.default()
    with tempfile.TemporaryDirectory() as folder:
        for centre in centres:
            exports = Path(folder) / centre
            synth.write(f"csv-{centre}", exports, patients, 1)
            rate = measure(centre, exports, registry, Path(folder))
        peer = peer_rate(centres[-1], exports, registry)
    print(
        f"fhir.resources R4B parse alone: {peer:,.0f} resources/s; the whole main job is {rate / peer:.1f} times that"
    )


def measure(centre: str, exports: Path, registry: Registry, folder: Path) -> float:
    """Print the figures of one centre; resources a second of its first run."""
    store = open_store(f"sqlite:///{folder / centre}.db", registry)
    mapping = load_map(ROOT / "examples" / centre / "map.yaml", registry=registry)
    validator = Validator(registry=registry)
    last: defaultdict[str, float] = defaultdict(float)

    def told(what: str, _: int) -> None:
        last[what] = time.perf_counter()

    rates = []
    for attempt in ("first run", "again"):
        last.clear()
        start = time.perf_counter()
        report = pipeline.run([exports], mapping, store, validator, progress=told)
        seconds = time.perf_counter() - start
        count = report.resources.total()
        steps = {
            "map": last["rows"] - start,
            "validate": last["patients"] - last["rows"],
            "store": start + seconds - last["patients"],
        }
        parts = ", ".join(f"{name} {count / spent:,.0f}/s" for name, spent in steps.items() if spent > 0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{centre} {attempt}: {count:,} resources in {seconds:.1f} s = {count / seconds:,.0f}/s ({parts});"
            f" {report.created} new, {report.changed} changed, {report.refused} rows refused; peak {peak} MB",
            flush=True,
        )
        rates.append(count / seconds)
    store.close()
    return rates[0]


def peer_rate(centre: str, exports: Path, registry: Registry) -> float:
    """Resources a second of fhir.resources: model_validate of what the map made, a sample of 2,000."""
    from fhir.resources.R4B import get_fhir_model_class

    with load_map(ROOT / "examples" / centre / "map.yaml", registry=registry).run([exports]) as mapped:
        sample = [json.loads(json.dumps(each, default=float)) for each, _ in zip(mapped, range(2000), strict=False)]
    start = time.perf_counter()
    for each in sample:
        get_fhir_model_class(each["resourceType"]).model_validate(each)
    return len(sample) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
