Instance: cart-observation-visit
InstanceOf: SearchParameter
Usage: #definition
Title: "Observation visit"
Description: "The planned visit."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-observation-visit"
* name = "CARTObservationVisit"
* status = #active
* experimental = false
* description = "The planned visit."
* code = #visit
* base = #Observation
* type = #token
* expression = "Observation.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-visit').value"
* xpathUsage = #normal
