ValueSet: CARTBsaFormulaVS
Id: cart-bsa-formula-vs
Title: "Body Surface Formula"
Description: "Formulas of the body surface area."
* insert Codes
* include codes from system CARTBsaFormulaCS
