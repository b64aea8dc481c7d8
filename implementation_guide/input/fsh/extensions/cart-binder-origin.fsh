Extension: CARTBinderOrigin
Id: cart-binder-origin
Title: "Binder Origin"
Description: "Species origin of the antigen-binding part of the receptor."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTBinderOriginVS (extensible)
