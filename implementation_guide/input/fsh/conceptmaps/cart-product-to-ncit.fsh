Instance: cart-product-to-ncit
InstanceOf: ConceptMap
Usage: #definition
Title: "Products to NCIt"
Description: "Local products that NCIt has."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-product-to-ncit"
* name = "CARTProductToNcit"
* title = "Products to NCIt"
* status = #active
* experimental = false
* description = "Local products that NCIt has."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-product-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-product-cs"
* group[=].target = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
* group[=].element[+].code = #zorpocabtagene-autoleucel
* group[=].element[=].target.code = #C172103
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #inaticabtagene-autoleucel
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #kyv-101
* group[=].element[=].target.equivalence = #unmatched
