ValueSet: CARTStartingMaterialVS
Id: cart-starting-material-vs
Title: "Starting Material"
Description: "State of the collected cells when manufacturing began."
* insert Codes
* include codes from system CARTStartingMaterialCS
