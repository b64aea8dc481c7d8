ValueSet: CARTGradeVS
Id: cart-grade-vs
Title: "Grade"
Description: "Grades of toxicity."
* insert Codes
* include codes from system CARTGradeCS
