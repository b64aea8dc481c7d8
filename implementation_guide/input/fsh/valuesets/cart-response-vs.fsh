ValueSet: CARTResponseVS
Id: cart-response-vs
Title: "Response"
Description: "Response of the disease."
* insert Codes
* include codes from system CARTResponseCS
