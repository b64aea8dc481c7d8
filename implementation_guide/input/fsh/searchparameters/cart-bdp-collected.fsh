Instance: cart-bdp-collected
InstanceOf: SearchParameter
Usage: #definition
Title: "BiologicallyDerivedProduct collected"
Description: "When the cells were collected."
* url = "https://w3id.org/cart-fhir/SearchParameter/cart-bdp-collected"
* name = "CARTBdpCollected"
* status = #active
* experimental = false
* description = "When the cells were collected."
* code = #collected
* base = #BiologicallyDerivedProduct
* type = #date
* expression = "BiologicallyDerivedProduct.collection.collected"
* xpathUsage = #normal
* comparator[+] = #eq
* comparator[+] = #ne
* comparator[+] = #gt
* comparator[+] = #ge
* comparator[+] = #lt
* comparator[+] = #le
