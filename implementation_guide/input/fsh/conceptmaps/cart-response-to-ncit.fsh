Instance: cart-response-to-ncit
InstanceOf: ConceptMap
Usage: #definition
Title: "Responses to NCIt"
Description: "Responses as NCIt codes. Those are concepts of oncology: near, not the same."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-response-to-ncit"
* name = "CARTResponseToNcit"
* title = "Responses to NCIt"
* status = #active
* experimental = false
* description = "Responses as NCIt codes. Those are concepts of oncology: near, not the same."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-response-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-response-cs"
* group[=].target = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
* group[=].element[+].code = #cr
* group[=].element[=].target.code = #C4870
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "A concept of oncology."
* group[=].element[+].code = #pr
* group[=].element[=].target.code = #C18058
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "A concept of oncology."
* group[=].element[+].code = #relapse
* group[=].element[=].target.code = #C38155
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "A concept of oncology."
* group[=].element[+].code = #nr
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #not-evaluable
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #normalization
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #partial-normalization
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #worsening
* group[=].element[=].target.equivalence = #unmatched
