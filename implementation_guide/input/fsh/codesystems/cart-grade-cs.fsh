CodeSystem: CARTGradeCS
Id: cart-grade-cs
Title: "Grade"
Description: "Grades of toxicity."
* insert LocalCodes
* #0 "Grade 0" "Assessed, and the toxicity is absent."
* #1 "Grade 1" "Mild."
* #2 "Grade 2" "Moderate."
* #3 "Grade 3" "Severe."
* #4 "Grade 4" "Life-threatening."
* #5 "Grade 5" "Death."
