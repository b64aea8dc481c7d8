Instance: cart-bdp-target-antigen
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct target-antigen"
Description: "What the receptor binds."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-target-antigen"
* name = "CARTBdpTargetAntigen"
* status = #active
* experimental = false
* description = "What the receptor binds."
* code = #target-antigen
* base = #BiologicallyDerivedProduct
* type = #token
* expression = "BiologicallyDerivedProduct.extension('https://w3id.org/cart-fhir/StructureDefinition/cart-target-antigen').value"
* xpathUsage = #normal
