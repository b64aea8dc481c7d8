Invariant: cart-bdp-1
Description: "The source of an autologous product SHALL be named: it is the patient who receives it."
Severity: #error
Expression: "extension('https://w3id.org/cart-fhir/StructureDefinition/cart-donor-type').value.coding.where(code = 'autologous').exists() implies collection.source.exists()"
