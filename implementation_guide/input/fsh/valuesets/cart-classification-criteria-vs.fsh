ValueSet: CARTClassificationCriteriaVS
Id: cart-classification-criteria-vs
Title: "Classification Criteria"
Description: "Published classification criteria."
* insert Codes
* include codes from system CARTClassificationCriteriaCS
