Invariant: cart-day-2
Description: "The study day SHALL agree with the dates: date of the infusion + day = (first) date of the procedure, where that date is known to the day."
Severity: #error
Expression: "(extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').exists() and (performed.ofType(dateTime) | performed.ofType(Period).start).toString().length() >= 10) implies (performed.ofType(dateTime) | performed.ofType(Period).start).toString().substring(0, 10) = (extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('infusionDate').value.first() + (extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value.first().toString() + ' days').toQuantity()).toString()"
