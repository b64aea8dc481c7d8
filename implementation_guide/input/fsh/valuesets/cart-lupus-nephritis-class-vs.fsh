ValueSet: CARTLupusNephritisClassVS
Id: cart-lupus-nephritis-class-vs
Title: "Lupus Nephritis Class"
Description: "ISN/RPS 2003 classes of lupus nephritis; mixed classes repeat the stage."
* insert Codes
* include codes from system CARTLupusNephritisClassCS
