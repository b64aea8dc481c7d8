ValueSet: CARTBinderOriginVS
Id: cart-binder-origin-vs
Title: "Binder Origin"
Description: "Origin of the antigen-binding part of the receptor."
* insert Codes
* include codes from system CARTBinderOriginCS
