Instance: cart-grade-to-ncit
InstanceOf: ConceptMap
Usage: #definition
Title: "Grades to NCIt"
Description: "Grades 1 to 5 as the NCIt codes that adverse events carry."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-grade-to-ncit"
* name = "CARTGradeToNcit"
* title = "Grades to NCIt"
* status = #active
* experimental = false
* description = "Grades 1 to 5 as the NCIt codes that adverse events carry."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-grade-vs"
* targetCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-ae-grade-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-grade-cs"
* group[=].target = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
* group[=].element[+].code = #1
* group[=].element[=].target.code = #C41338
* group[=].element[=].target.display = "Mild Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #2
* group[=].element[=].target.code = #C41339
* group[=].element[=].target.display = "Moderate Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #3
* group[=].element[=].target.code = #C41340
* group[=].element[=].target.display = "Severe Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #4
* group[=].element[=].target.code = #C41337
* group[=].element[=].target.display = "Life Threatening or Disabling Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #5
* group[=].element[=].target.code = #C48275
* group[=].element[=].target.display = "Death Related to Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
