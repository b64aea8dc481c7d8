Extension: CARTManufacturingSite
Id: cart-manufacturing-site
Title: "Manufacturing Site"
Description: "Organization that made the product."
* insert Context(BiologicallyDerivedProduct)
* value[x] 1..1
* value[x] only Reference(Organization)
