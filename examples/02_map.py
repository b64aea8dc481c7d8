"""Map an export, look at what was refused, and where one resource came from."""

from pathlib import Path

from cart_fhir import load_map

HERE = Path(__file__).parent

with load_map(HERE / "centre-a" / "map.yaml").run([HERE / "centre-a" / "export"]) as mapped:
    for total in mapped.totals:
        print(f"{total.file}: {total.read} = {total.mapped} mapped + {total.skipped} skipped + {total.refused} refused")
    infusion = next(one for one in mapped.resources if "cart-administration" in str(one.get("meta")))
    reference = f"{infusion['resourceType']}/{infusion['id']}"
    print(reference, "was made of", "; ".join(str(origin) for origin in mapped.origins(reference)))
