Instance: cart-ae-outcome
InstanceOf: SearchParameter
Usage: #definition
Title: "AdverseEvent outcome"
Description: "How the event ended."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-ae-outcome"
* name = "CARTAeOutcome"
* status = #active
* experimental = false
* description = "How the event ended."
* code = #outcome
* base = #AdverseEvent
* type = #token
* expression = "AdverseEvent.outcome"
* xpathUsage = #normal
