Extension: CARTCollectionProcedure
Id: cart-collection-procedure
Title: "Collection Procedure"
Description: "Leukapheresis by which the starting material was collected; links the product to the procedure, which R4 does not."
* insert Context(BiologicallyDerivedProduct.collection)
* value[x] 1..1
* value[x] only Reference(Procedure)
