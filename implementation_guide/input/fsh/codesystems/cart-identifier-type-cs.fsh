CodeSystem: CARTIdentifierTypeCS
Id: cart-identifier-type-cs
Title: "Identifier Type"
Description: "Kinds of identifier of a product."
* insert LocalCodes
* #lot "Lot number" "Lot or batch number of the manufacturer."
* #chain-of-identity "Chain of identity identifier" "Identifier that accompanies the cells from the patient to the patient."
* #din "Donation identification number" "Donation identification number of the collection (ISBT 128)."
* #sec "Single European Code" "Single European Code of tissues and cells."
