Instance: cart-administration-study-day
InstanceOf: SearchParameter
Usage: #definition
Title: "MedicationAdministration study-day"
Description: "Day relative to the infusion."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-administration-study-day"
* name = "CARTAdministrationStudyDay"
* status = #active
* experimental = false
* description = "Day relative to the infusion."
* code = #study-day
* base = #MedicationAdministration
* type = #number
* expression = "MedicationAdministration.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-study-day').extension('day').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
