Instance: cart-bdp-status
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct status"
Description: "Whether it is available."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-status"
* name = "CARTBdpStatus"
* status = #active
* experimental = false
* description = "Whether it is available."
* code = #status
* base = #BiologicallyDerivedProduct
* type = #token
* expression = "BiologicallyDerivedProduct.status"
* xpathUsage = #normal
