Extension: CARTProductRecord
Id: cart-product-record
Title: "Product Record"
Description: "BiologicallyDerivedProduct that this Medication stands for, in systems that only know medications."
* insert Context(Medication)
* value[x] 1..1
* value[x] only Reference(BiologicallyDerivedProduct)
