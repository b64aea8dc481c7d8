Invariant: cart-ae-4
Description: "A serious event SHOULD say by which criterion it is serious."
Severity: #warning
Expression: "seriousness.coding.where(code = 'serious').exists() implies extension('https://w3id.org/cart-fhir/StructureDefinition/cart-seriousness-criterion').exists()"
