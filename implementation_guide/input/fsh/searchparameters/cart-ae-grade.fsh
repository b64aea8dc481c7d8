Instance: cart-ae-grade
InstanceOf: SearchParameter
Usage: #definition
Title: "AdverseEvent grade"
Description: "Highest grade of the event."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-ae-grade"
* name = "CARTAeGrade"
* status = #active
* experimental = false
* description = "Highest grade of the event."
* code = #grade
* base = #AdverseEvent
* type = #token
* expression = "AdverseEvent.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-ae-grade').value"
* xpathUsage = #normal
