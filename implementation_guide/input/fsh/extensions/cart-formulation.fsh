Extension: CARTFormulation
Id: cart-formulation
Title: "Formulation at Infusion"
Description: "Whether the product was infused fresh or after freezing and thawing."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTFormulationVS (required)
