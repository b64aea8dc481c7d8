CodeSystem: CARTDoseBasisCS
Id: cart-dose-basis-cs
Title: "Dose Basis"
Description: "What a planned dose is calculated from."
* insert LocalCodes
* #flat "Flat dose" "The same dose for every patient."
* #per-kg "Per kilogram of body weight" "Calculated from the body weight."
* #per-m2 "Per square metre of body surface" "Calculated from the body surface area."
