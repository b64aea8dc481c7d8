Instance: cart-ae-study-day
InstanceOf: SearchParameter
Usage: #definition
Title: "AdverseEvent study-day"
Description: "Day relative to the infusion."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-ae-study-day"
* name = "CARTAeStudyDay"
* status = #active
* experimental = false
* description = "Day relative to the infusion."
* code = #study-day
* base = #AdverseEvent
* type = #number
* expression = "AdverseEvent.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
