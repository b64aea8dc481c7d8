"""What does it cost to have FHIR's definitions at hand: at start, per question, per value set?

python benchmarks/definitions.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal

COLD = """
import time
start = time.perf_counter()
from cart_fhir.definitions import Registry, Terminology
imported = time.perf_counter()
registry = Registry.default()
structure = registry.structure("Observation")
pending, seen = ["Observation"], set()
while pending:
    name = pending.pop()
    if name not in seen:
        seen.add(name)
        pending += [t for child in registry.types.children(name).values() for t in child.types if t != "Resource"]
terminology = Terminology(registry)
for element in structure["snapshot"]["element"]:
    binding = element.get("binding", {})
    if binding.get("strength") == "required":
        terminology.member(binding["valueSet"], None, "x")
print(imported - start, time.perf_counter() - imported)
"""


def per_second(work: Callable[[], object], seconds: float = 0.5) -> float:
    start, number = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        work()
        number += 1
    return number / (time.perf_counter() - start)


def main() -> None:
    runs = []
    for _ in range(5):
        made = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True, timeout=60)
        runs.append([float(part) for part in made.stdout.split()])
    print(f"import                                     {statistics.median(run[0] for run in runs):.3f} s")
    print(f"Observation, its datatypes and value sets  {statistics.median(run[1] for run in runs):.3f} s")

    from cart_fhir.definitions import Registry, Terminology, ucum

    registry = Registry.default()
    terminology = Terminology(registry)
    status = "http://hl7.org/fhir/ValueSet/observation-status"
    start = time.perf_counter()
    known = sum(1 for one in registry.all("ValueSet", core=True) if terminology.expand(one["url"]) is not None)
    print(f"all value sets of R4 expanded ({known})       {time.perf_counter() - start:.2f} s")
    members = per_second(lambda: terminology.member(status, None, "final"))
    conversions = per_second(lambda: ucum.convert(Decimal("1.5"), "mg/dL", "g/L"))
    print(f"member                                     {members:,.0f}/s")
    print(f"convert                                    {conversions:,.0f}/s")


if __name__ == "__main__":
    main()
