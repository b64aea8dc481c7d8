Instance: cart-observation-study-day
InstanceOf: SearchParameter
Usage: #definition
Title: "Observation study-day"
Description: "Day relative to the infusion."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-observation-study-day"
* name = "CARTObservationStudyDay"
* status = #active
* experimental = false
* description = "Day relative to the infusion."
* code = #study-day
* base = #Observation
* type = #number
* expression = "Observation.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
