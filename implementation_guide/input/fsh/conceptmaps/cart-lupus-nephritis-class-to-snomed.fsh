Instance: cart-lupus-nephritis-class-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Lupus Nephritis Classes to SNOMED CT"
Description: "Only class V has a wider concept; it is evidence, never the class."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-lupus-nephritis-class-to-snomed"
* name = "CARTLupusNephritisClassToSnomed"
* title = "Lupus Nephritis Classes to SNOMED CT"
* status = #active
* experimental = false
* description = "Only class V has a wider concept; it is evidence, never the class."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-lupus-nephritis-class-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-lupus-nephritis-class-cs"
* group[=].target = "http://snomed.info/sct"
* group[=].element[+].code = #class-v
* group[=].element[=].target.code = #77182004
* group[=].element[=].target.display = "Membranous glomerulonephritis"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #class-i
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #class-ii
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #class-iii
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #class-iv
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #class-vi
* group[=].element[=].target.equivalence = #unmatched
