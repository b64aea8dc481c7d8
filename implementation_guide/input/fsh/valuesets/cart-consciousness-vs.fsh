ValueSet: CARTConsciousnessVS
Id: cart-consciousness-vs
Title: "Consciousness"
Description: "Levels of consciousness in ICANS."
* insert Codes
* include codes from system CARTConsciousnessCS
