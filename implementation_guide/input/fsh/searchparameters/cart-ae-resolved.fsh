Instance: cart-ae-resolved
InstanceOf: SearchParameter
Usage: #definition
Title: "AdverseEvent resolved"
Description: "When the event had resolved."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-ae-resolved"
* name = "CARTAeResolved"
* status = #active
* experimental = false
* description = "When the event had resolved."
* code = #resolved
* base = #AdverseEvent
* type = #date
* expression = "AdverseEvent.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-resolve-date').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
