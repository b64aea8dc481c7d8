ValueSet: CARTCellTypeVS
Id: cart-cell-type-vs
Title: "Cell Type"
Description: "Types of collected or infused cells."
* insert Codes
* include codes from system CARTCellTypeCS
