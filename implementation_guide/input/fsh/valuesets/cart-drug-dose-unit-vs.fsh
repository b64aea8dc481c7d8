ValueSet: CARTDrugDoseUnitVS
Id: cart-drug-dose-unit-vs
Title: "Drug Dose Unit"
Description: "UCUM units of a dose of a drug that was given. The amount is preferred; the dose per square metre or kilogram is accepted where the source knows nothing else."
* insert Codes
* $UCUM#mg "mg"
* $UCUM#g "g"
* $UCUM#ug "microgram"
* $UCUM#mg/m2 "mg/m2"
* $UCUM#g/m2 "g/m2"
* $UCUM#mg/kg "mg/kg"
