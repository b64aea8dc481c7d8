Instance: cart-administration-infusion-number
InstanceOf: SearchParameter
Usage: #definition
Title: "MedicationAdministration infusion-number"
Description: "First, second ... infusion."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-administration-infusion-number"
* name = "CARTAdministrationInfusionNumber"
* status = #active
* experimental = false
* description = "First, second ... infusion."
* code = #infusion-number
* base = #MedicationAdministration
* type = #number
* expression = "MedicationAdministration.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-infusion-number').value"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
