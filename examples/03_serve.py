"""Mount the FHIR server in an application of yours, and ask it for what the profiles hold."""

from flask import Flask

from cart_fhir import CartFHIR

GUIDE = "https://w3id.org/cart-fhir/StructureDefinition"

app = Flask(__name__)
CartFHIR(app, CART_FHIR_STORE="sqlite://", CART_FHIR_URL_PREFIX="/fhir")

if __name__ == "__main__":
    client = app.test_client()  # or: app.run()
    made = client.post(
        "/fhir/Patient",
        json={
            "resourceType": "Patient",
            "meta": {"profile": [f"{GUIDE}/cart-patient"]},
            "identifier": [{"system": "https://hospital.example/pseudonyms", "value": "P-001"}],
            "gender": "female",
            "birthDate": "1991",
        },
    )
    print(made.status, made.headers["Location"])
    found = client.get(f"/fhir/Patient?_profile={GUIDE}/cart-patient&birthdate=lt2000").get_json()
    print("found", found["total"] if "total" in found else len(found["entry"]))
