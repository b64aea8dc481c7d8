Invariant: cart-ae-5
Description: "An event that meets a criterion of seriousness SHALL NOT be called non-serious."
Severity: #error
Expression: "extension('https://w3id.org/cart-fhir/StructureDefinition/cart-seriousness-criterion').exists() implies seriousness.coding.where(code = 'non-serious').exists().not()"
