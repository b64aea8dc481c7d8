CodeSystem: CARTMaterialCS
Id: cart-material-cs
Title: "Material"
Description: "Materials in the chain of identity that are no product."
* insert LocalCodes
* #apheresis-product "Apheresis product" "Cells as collected by leukapheresis."
