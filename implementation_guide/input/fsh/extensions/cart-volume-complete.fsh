Extension: CARTVolumeComplete
Id: cart-volume-complete
Title: "Whole Volume Infused"
Description: "Whether the whole volume of the product was infused."
* insert Context(MedicationAdministration)
* value[x] 1..1
* value[x] only boolean
