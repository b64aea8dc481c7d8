Instance: cart-product-everything
InstanceOf: OperationDefinition
Usage: #definition
Title: "Everything of a Product"
Description: "The chain of identity of one product."
* url = "https://w3id.org/cart-fhir/OperationDefinition/cart-product-everything"
* name = "CARTProductEverything"
* title = "Everything of a Product"
* status = #active
* experimental = false
* kind = #operation
* description = "The chain of identity of one product: what it was made from (parents, leukapheresis), its tests, its Medication twin, its administrations and the adverse events that suspect them. Answers a recall of a lot."
* affectsState = false
* code = #everything
* resource = #BiologicallyDerivedProduct
* system = false
* type = false
* instance = true
* parameter[0].name = #return
* parameter[=].use = #out
* parameter[=].min = 1
* parameter[=].max = "1"
* parameter[=].type = #Bundle
* parameter[=].documentation = "A searchset of the resources."
