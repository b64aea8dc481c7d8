CodeSystem: CARTAssessmentMethodCS
Id: cart-assessment-method-cs
Title: "Assessment Method"
Description: "Variants of instruments."
* insert LocalCodes
* #window-10-days "Window of 10 days" "Findings of the ten days before the assessment count."
* #window-30-days "Window of 30 days" "Findings of the thirty days before the assessment count."
* #scale-0-3 "Scale 0 to 3" "Global assessment on a scale of 0 to 3."
* #scale-0-10 "Scale 0 to 10" "Global assessment on a visual analogue scale of 0 to 10."
