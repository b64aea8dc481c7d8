CodeSystem: CARTFormulationCS
Id: cart-formulation-cs
Title: "Formulation"
Description: "State of the product at infusion."
* insert LocalCodes
* #fresh "Fresh" "Infused without having been frozen."
* #cryopreserved-thawed "Cryopreserved and thawed" "Frozen after manufacturing and thawed for the infusion."
* #unknown "Unknown" "The source does not state the formulation."
