Instance: cart-bdp-code
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct code"
Description: "Which product."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-code"
* name = "CARTBdpCode"
* status = #active
* experimental = false
* description = "Which product."
* code = #code
* base = #BiologicallyDerivedProduct
* type = #token
* expression = "BiologicallyDerivedProduct.productCode"
* xpathUsage = #normal
