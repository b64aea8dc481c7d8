ValueSet: CARTAssessmentMethodVS
Id: cart-assessment-method-vs
Title: "Assessment Method"
Description: "Variants of instruments."
* insert Codes
* include codes from system CARTAssessmentMethodCS
