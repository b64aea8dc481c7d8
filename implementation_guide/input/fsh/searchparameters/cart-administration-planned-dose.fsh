Instance: cart-administration-planned-dose
InstanceOf: SearchParameter
Usage: #definition
Title: "MedicationAdministration planned-dose"
Description: "The dose of the protocol."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-administration-planned-dose"
* name = "CARTAdministrationPlannedDose"
* status = #active
* experimental = false
* description = "The dose of the protocol."
* code = #planned-dose
* base = #MedicationAdministration
* type = #quantity
* expression = "MedicationAdministration.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-planned-dose').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
