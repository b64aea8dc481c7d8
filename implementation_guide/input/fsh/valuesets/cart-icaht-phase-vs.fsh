ValueSet: CARTIcahtPhaseVS
Id: cart-icaht-phase-vs
Title: "ICAHT Phase"
Description: "Phases of haematotoxicity."
* insert Codes
* include codes from system CARTIcahtPhaseCS
