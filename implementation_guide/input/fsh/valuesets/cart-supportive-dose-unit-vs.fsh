ValueSet: CARTSupportiveDoseUnitVS
Id: cart-supportive-dose-unit-vs
Title: "Supportive Dose Unit"
Description: "UCUM units of supportive drugs."
* insert Codes
* $UCUM#mg "mg"
* $UCUM#g "g"
* $UCUM#ug "microgram"
* $UCUM#mg/kg "mg/kg"
* $UCUM#g/kg "g/kg"
* $UCUM#ug/kg "microgram/kg"
