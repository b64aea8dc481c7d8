ValueSet: CARTIdentifierTypeVS
Id: cart-identifier-type-vs
Title: "Identifier Type"
Description: "Kinds of identifier of a product."
* insert Codes
* include codes from system CARTIdentifierTypeCS
