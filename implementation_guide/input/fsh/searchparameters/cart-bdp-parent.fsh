Instance: cart-bdp-parent
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct parent"
Description: "What it was made from."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-parent"
* name = "CARTBdpParent"
* status = #active
* experimental = false
* description = "What it was made from."
* code = #parent
* base = #BiologicallyDerivedProduct
* type = #reference
* expression = "BiologicallyDerivedProduct.parent"
* xpathUsage = #normal
* target = #BiologicallyDerivedProduct
