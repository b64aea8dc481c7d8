Instance: cart-bdp-identifier
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct identifier"
Description: "Lot, chain of identity or donation number of a product."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-identifier"
* name = "CARTBdpIdentifier"
* status = #active
* experimental = false
* description = "Lot, chain of identity or donation number of a product."
* code = #identifier
* base = #BiologicallyDerivedProduct
* type = #token
* expression = "BiologicallyDerivedProduct.identifier"
* xpathUsage = #normal
