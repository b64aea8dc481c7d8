Invariant: cart-day-3
Description: "The study day SHALL agree with the dates: date of the infusion + day = date of the adverse event, where that date is known to the day."
Severity: #error
Expression: "(extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').exists() and date.toString().length() >= 10) implies date.toString().substring(0, 10) = (extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('infusionDate').value.first() + (extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value.first().toString() + ' days').toQuantity()).toString()"
