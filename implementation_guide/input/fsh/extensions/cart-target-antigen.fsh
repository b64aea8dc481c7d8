Extension: CARTTargetAntigen
Id: cart-target-antigen
Title: "Target Antigen"
Description: "Antigen that the receptor binds. A product with two targets repeats the extension."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTTargetAntigenVS (extensible)
