Extension: CARTManufacturingPlatform
Id: cart-manufacturing-platform
Title: "Manufacturing Platform"
Description: "Platform on which the product was made."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTManufacturingPlatformVS (extensible)
