Instance: cart-icans-grade-to-icd-10-cm
InstanceOf: ConceptMap
Usage: #definition
Title: "ICANS Grades to ICD-10-CM"
Description: "ICD-10-CM codes of neurotoxicity by ASTCT grade; to be used only for a grade of ICANS."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-icans-grade-to-icd-10-cm"
* name = "CARTIcansGradeToIcd10Cm"
* title = "ICANS Grades to ICD-10-CM"
* status = #active
* experimental = false
* description = "ICD-10-CM codes of neurotoxicity by ASTCT grade; to be used only for a grade of ICANS."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-grade-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-grade-cs"
* group[=].target = "http://hl7.org/fhir/sid/icd-10-cm"
* group[=].element[+].code = #1
* group[=].element[=].target.code = #G92.01
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #2
* group[=].element[=].target.code = #G92.02
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #3
* group[=].element[=].target.code = #G92.03
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #4
* group[=].element[=].target.code = #G92.04
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
* group[=].element[+].code = #5
* group[=].element[=].target.code = #G92.05
* group[=].element[=].target.equivalence = #narrower
* group[=].element[=].target.comment = "The target names the syndrome as well as the grade."
