Instance: cart-administration-regimen
InstanceOf: SearchParameter
Usage: #definition
Title: "MedicationAdministration regimen"
Description: "The regimen it follows."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-administration-regimen"
* name = "CARTAdministrationRegimen"
* status = #active
* experimental = false
* description = "The regimen it follows."
* code = #regimen
* base = #MedicationAdministration
* type = #uri
* expression = "MedicationAdministration.instantiates"
* xpathUsage = #normal
