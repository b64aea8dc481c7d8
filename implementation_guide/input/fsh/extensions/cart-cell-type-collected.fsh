Extension: CARTCellTypeCollected
Id: cart-cell-type-collected
Title: "Cell Type Collected"
Description: "Type of cells that was collected or is in the product (registry form 4003)."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTCellTypeVS (extensible)
