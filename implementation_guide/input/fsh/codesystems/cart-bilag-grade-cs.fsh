CodeSystem: CARTBilagGradeCS
Id: cart-bilag-grade-cs
Title: "BILAG Grade"
Description: "The letters of BILAG-2004."
* insert LocalCodes
* #A "A" "Severe activity."
* #B "B" "Moderate activity."
* #C "C" "Mild activity."
* #D "D" "Inactive now, affected before."
* #E "E" "Never affected."
