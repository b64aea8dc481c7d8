Instance: cart-bdp-patient
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct patient"
Description: "The patient whose cells it is made of."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-patient"
* name = "CARTBdpPatient"
* status = #active
* experimental = false
* description = "The patient whose cells it is made of."
* code = #patient
* base = #BiologicallyDerivedProduct
* type = #reference
* expression = "BiologicallyDerivedProduct.collection.source.where(resolve() is Patient)"
* xpathUsage = #normal
* target = #Patient
