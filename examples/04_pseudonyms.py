"""A centre sends pseudonyms: ids and numbers by HMAC, years of birth, dates moved for each patient, study days kept.

The same map as ever: `cart-fhir map ... --pseudonyms --secret-file FILE` does it on the command line.
"""

import secrets
from pathlib import Path

from cart_fhir import Validator, load_map

CENTRE = Path(__file__).parent / "centre-a"

# The secret stays with the centre, in a file. Choose it once: the same secret gives the same pseudonyms again.
secret = secrets.token_hex(32).encode()

with load_map(CENTRE / "map.yaml", secret=secret, pseudonyms=True).run([CENTRE / "export"]) as mapped:
    bundle = mapped.bundle()

errors = [issue for issue in Validator().validate(bundle) if issue.is_error]
resources = [entry["resource"] for entry in bundle["entry"]]
patient = next(one for one in resources if one["resourceType"] == "Patient")
infusion = next(one for one in resources if "cart-administration" in str(one.get("meta")))
study_day = next(one for one in infusion["extension"] if one["url"].endswith("cart-study-day"))
print(f"{len(resources)} resources, {len(errors)} errors")
print("Patient:", patient["identifier"][0]["value"][:12], "... born", patient["birthDate"])
print("Infusion: moved to", infusion["effectiveDateTime"], "and still day", study_day["extension"][0]["valueInteger"])
