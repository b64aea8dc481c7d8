Instance: cart-crs-grade-to-icd-10-cm
InstanceOf: ConceptMap
Usage: #definition
Title: "CRS Grades to ICD-10-CM"
Description: "ICD-10-CM codes of cytokine release syndrome by ASTCT grade; to be used only for a grade of CRS."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-crs-grade-to-icd-10-cm"
* name = "CARTCrsGradeToIcd10Cm"
* title = "CRS Grades to ICD-10-CM"
* status = #active
* experimental = false
* description = "ICD-10-CM codes of cytokine release syndrome by ASTCT grade; to be used only for a grade of CRS."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-grade-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-grade-cs"
* group[=].target = "http://hl7.org/fhir/sid/icd-10-cm"
* group[=].element[+].code = #1
* group[=].element[=].target.code = #D89.831
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #2
* group[=].element[=].target.code = #D89.832
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #3
* group[=].element[=].target.code = #D89.833
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #4
* group[=].element[=].target.code = #D89.834
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #5
* group[=].element[=].target.code = #D89.835
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
