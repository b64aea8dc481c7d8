ValueSet: CARTBodySizeVS
Id: cart-body-size-vs
Title: "Body Size"
Description: "Body weight, body height and body surface area."
* insert Codes
* insert LOINCCopyright
* $LNC#29463-7 "Body weight"
* $LNC#8302-2 "Body height"
* $LNC#8277-6 "Body surface area"
