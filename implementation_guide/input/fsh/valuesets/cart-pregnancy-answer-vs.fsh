ValueSet: CARTPregnancyAnswerVS
Id: cart-pregnancy-answer-vs
Title: "Pregnancy Answer"
Description: "Answers about pregnancy."
* insert Codes
* include codes from system CARTPregnancyAnswerCS
