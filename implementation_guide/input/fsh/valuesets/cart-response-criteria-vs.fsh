ValueSet: CARTResponseCriteriaVS
Id: cart-response-criteria-vs
Title: "Response Criteria"
Description: "Criteria by which a response was assessed."
* insert Codes
* include codes from system CARTResponseCriteriaCS
