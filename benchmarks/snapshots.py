"""How many elements of published snapshots do we make alike, and how fast?

    python benchmarks/snapshots.py PACKAGE.tgz...

Each profile of the packages is stripped of its snapshot, made anew from its differential and compared element by
element (tests/definitions/elements.py says what counts). A profile whose base is in none of the packages can't be made
and is counted apart. Packages come from npm (hl7.fhir.uv.ips@2.0.0, hl7.fhir.us.mcode@4.0.0); nothing is fetched here.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from cart_fhir.definitions import Registry
from cart_fhir.definitions.snapshot import with_snapshot

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from definitions.elements import differences


def main(paths: list[str]) -> None:
    registry = Registry(guide=False)
    for path in paths:
        registry.load(path)
    compared = different = without_base = 0
    places: Counter[str] = Counter()
    seconds = 0.0
    for profile in registry.all("StructureDefinition", core=not paths):
        if profile.get("derivation") != "constraint" or "differential" not in profile or "snapshot" not in profile:
            continue
        bare = {key: value for key, value in profile.items() if key != "snapshot"}
        start = time.perf_counter()
        made, _ = with_snapshot(bare, registry)
        seconds += time.perf_counter() - start
        if not made["snapshot"]["element"]:
            without_base += 1
            continue
        number, names = differences(made["snapshot"]["element"], profile["snapshot"]["element"])
        compared, different = compared + number, different + len(names)
        places.update({profile["id"]: len(names)} if names else {})
    equal = 100 * (compared - different) / max(compared, 1)
    print(f"{compared - different} of {compared} elements equal ({equal:.2f} %) in {seconds:.2f} s")
    print(f"{without_base} profiles have a base that is in none of the packages")
    for name, number in places.most_common(10):
        print(f"  {number:4} differ in {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
