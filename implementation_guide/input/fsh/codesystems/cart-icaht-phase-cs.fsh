CodeSystem: CARTIcahtPhaseCS
Id: cart-icaht-phase-cs
Title: "ICAHT Phase"
Description: "Phases of haematotoxicity."
* insert LocalCodes
* #early "Early" "Day 0 to 30."
* #late "Late" "Day 31 to 100."
