ValueSet: CARTRaisedIcpVS
Id: cart-raised-icp-vs
Title: "Raised Intracranial Pressure"
Description: "Oedema and signs of raised pressure in ICANS."
* insert Codes
* include codes from system CARTRaisedIcpCS
