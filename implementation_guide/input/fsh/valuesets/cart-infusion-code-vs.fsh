ValueSet: CARTInfusionCodeVS
Id: cart-infusion-code-vs
Title: "Infusion Procedure Code"
Description: "The infusion of CAR-T cells: the local code, and the ICD-10-PCS codes of products by peripheral (XW033) and central vein (XW043) that hospitals in the United States send beside it."
* insert Codes
* CARTProcedureCS#cart-infusion
* $ICD10PCS#XW033J7
* $ICD10PCS#XW043J7
* $ICD10PCS#XW033H7
* $ICD10PCS#XW043H7
* $ICD10PCS#XW033M7
* $ICD10PCS#XW043M7
* $ICD10PCS#XW033K7
* $ICD10PCS#XW043K7
* $ICD10PCS#XW033A7
* $ICD10PCS#XW043A7
