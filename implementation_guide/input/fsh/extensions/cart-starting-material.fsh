Extension: CARTStartingMaterial
Id: cart-starting-material
Title: "Starting Material"
Description: "Whether the collected cells entered manufacturing fresh or frozen. Together with the formulation this tells fresh-to-fresh processes."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTStartingMaterialVS (required)
