Extension: CARTDonorType
Id: cart-donor-type
Title: "Donor Type"
Description: "Relation of the donor of the cells to the recipient."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTDonorTypeVS (extensible)
