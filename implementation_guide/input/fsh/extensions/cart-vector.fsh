Extension: CARTVector
Id: cart-vector
Title: "Vector"
Description: "How the receptor gene was brought into the cells."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTVectorVS (extensible)
