CodeSystem: CARTStartingMaterialCS
Id: cart-starting-material-cs
Title: "Starting Material"
Description: "State of the collected cells when manufacturing began."
* insert LocalCodes
* #fresh "Fresh" "Manufacturing began with cells that had not been frozen."
* #cryopreserved "Cryopreserved" "Manufacturing began with cells that had been frozen."
* #unknown "Unknown" "The source does not state it."
