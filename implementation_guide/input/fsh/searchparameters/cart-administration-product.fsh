Instance: cart-administration-product
InstanceOf: SearchParameter
Usage: #definition
Title: "MedicationAdministration product"
Description: "The product that was infused."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-administration-product"
* name = "CARTAdministrationProduct"
* status = #active
* experimental = false
* description = "The product that was infused."
* code = #product
* base = #MedicationAdministration
* type = #reference
* expression = "MedicationAdministration.supportingInformation.where(type = 'BiologicallyDerivedProduct')"
* xpathUsage = #normal
* target = #BiologicallyDerivedProduct
