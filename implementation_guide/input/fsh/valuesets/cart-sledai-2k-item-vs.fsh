ValueSet: CARTSledai2kItemVS
Id: cart-sledai-2k-item-vs
Title: "SLEDAI-2K Item"
Description: "The 24 items of SLEDAI-2K."
* insert Codes
* include codes from system CARTSledai2kItemCS
