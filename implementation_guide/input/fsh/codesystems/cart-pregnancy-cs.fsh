CodeSystem: CARTPregnancyCS
Id: cart-pregnancy-cs
Title: "Pregnancy"
Description: "Pregnancy and fertility after the infusion."
* insert LocalCodes
* #pregnancy-of-patient "Pregnancy of the patient" "Whether the patient became pregnant."
* #pregnancy-of-partner "Pregnancy of the partner" "Whether the partner became pregnant."
* #pregnancy-outcome "Outcome of the pregnancy" "How the pregnancy ended."
