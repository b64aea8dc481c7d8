CodeSystem: CARTVitalStatusCS
Id: cart-vital-status-cs
Title: "Vital Status"
Description: "Vital status other than dead, for which SNOMED CT has a code."
* insert LocalCodes
* #alive "Alive" "Alive at the date of the observation."
* #lost-to-follow-up "Lost to follow-up" "Not known, contact was lost."
