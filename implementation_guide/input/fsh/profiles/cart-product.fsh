Profile: CARTProduct
Parent: BiologicallyDerivedProduct
Id: cart-product
Title: "CAR-T Product"
Description: "The manufactured CAR-T cell product: what it is, from whom the cells came, its lot and its chain of identity. Attributes follow the first tier of the published minimum for CAR-T reporting."
* extension contains CARTTargetAntigen named targetAntigen 1..* and CARTCostimulatoryDomain named costimulatoryDomain 0..1 and CARTGeneration named generation 0..1 and CARTBinderOrigin named binderOrigin 0..1 and CARTVector named vector 0..1 and CARTDonorType named donorType 0..1 and CARTFormulation named formulation 0..1 and CARTStartingMaterial named startingMaterial 0..1 and CARTManufacturingPlatform named manufacturingPlatform 0..1 and CARTManufacturingSite named manufacturingSite 0..1 and CARTCellTypeCollected named cellType 0..1
* identifier 1..*
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "type"
* identifier ^slicing.rules = #open
* identifier ^slicing.description = "Told apart by the type of the identifier"
* identifier contains lot 0..1 and chainOfIdentity 0..1 and din 0..* and sec 0..1
* identifier.value 1..1
* identifier[lot].type = CARTIdentifierTypeCS#lot
* identifier[chainOfIdentity].type = CARTIdentifierTypeCS#chain-of-identity
* identifier[din].type = CARTIdentifierTypeCS#din
* identifier[sec].type = CARTIdentifierTypeCS#sec
* productCategory 1..1
* productCategory = #cells
* productCode 1..1
* productCode from CARTProductVS (extensible)
* collection.extension contains CARTCollectionProcedure named procedure 0..1
* insert Supported(extension[targetAntigen], [[Antigen the receptor binds; repeated for dual products]])
* insert Supported(extension[costimulatoryDomain], [[Costimulatory domain]])
* insert Supported(extension[generation], [[Generation of the receptor]])
* insert Supported(extension[binderOrigin], [[Origin of the binder]])
* insert Supported(extension[vector], [[How the gene was brought in]])
* insert Supported(extension[donorType], [[Autologous or allogeneic]])
* insert Supported(extension[formulation], [[Fresh or frozen at infusion]])
* insert Supported(extension[startingMaterial], [[Fresh or frozen at the start of manufacturing]])
* insert Supported(extension[manufacturingPlatform], [[Manufacturing platform]])
* insert Supported(extension[manufacturingSite], [[Who made it]])
* insert Supported(extension[cellType], [[Type of the cells]])
* insert Supported(identifier, [[Lot, chain of identity, donation number]])
* insert Supported(identifier[lot], [[Lot or batch number]])
* insert Supported(identifier[chainOfIdentity], [[Chain of identity identifier]])
* insert Supported(identifier[din], [[Donation identification number]])
* insert Supported(identifier[sec], [[Single European Code]])
* insert Supported(productCategory, [[Cells]])
* insert Supported(productCode, [[The product]])
* insert Supported(status, [[Available or not]])
* insert Supported(parent, [[The apheresis product it was made from]])
* insert Supported(collection, [[Where the cells came from]])
* insert Supported(collection.extension[procedure], [[The leukapheresis]])
* insert Supported(collection.source, [[The patient, for an autologous product]])
* insert Supported(collection.collected[x], [[When the cells were collected]])
* insert Supported(processing, [[Steps of manufacturing]])
* insert Supported(storage, [[How it was stored]])
* obeys cart-bdp-1
