ValueSet: CARTTherapyStateVS
Id: cart-therapy-state-vs
Title: "Therapy State"
Description: "States of immunosuppressive therapy."
* insert Codes
* CARTOutcomeCS#background-intensity
* CARTOutcomeCS#prednisone-equivalent-dose
* CARTOutcomeCS#bridging-therapy-given
* CARTOutcomeCS#ist-discontinued
