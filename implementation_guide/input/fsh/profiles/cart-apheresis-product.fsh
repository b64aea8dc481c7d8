Profile: CARTApheresisProduct
Parent: BiologicallyDerivedProduct
Id: cart-apheresis-product
Title: "CAR-T Apheresis Product"
Description: "The collected cells from which a product is made: parent of the product in the chain of identity."
* productCategory 1..1
* productCategory = #cells
* productCode 1..1
* productCode = CARTMaterialCS#apheresis-product
* collection 1..1
* collection.extension contains CARTCollectionProcedure named procedure 0..1
* insert Supported(identifier, [[Donation identification number, chain of identity]])
* insert Supported(productCategory, [[Cells]])
* insert Supported(productCode, [[Apheresis product]])
* insert Supported(status, [[Available or not]])
* insert Supported(quantity, [[Number of bags]])
* insert Supported(collection, [[How the cells were collected]])
* insert Supported(collection.extension[procedure], [[The leukapheresis]])
* insert Supported(collection.collector, [[Who collected]])
* insert Supported(collection.source, [[From whom]])
* insert Supported(collection.collected[x], [[When]])
* insert Supported(storage, [[How it was kept until manufacturing]])
