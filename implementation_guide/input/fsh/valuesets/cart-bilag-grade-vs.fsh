ValueSet: CARTBilagGradeVS
Id: cart-bilag-grade-vs
Title: "BILAG Grade"
Description: "The letters of BILAG-2004."
* insert Codes
* include codes from system CARTBilagGradeCS
