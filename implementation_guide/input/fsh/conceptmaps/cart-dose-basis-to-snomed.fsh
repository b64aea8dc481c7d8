Instance: cart-dose-basis-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Dose Basis to SNOMED CT"
Description: "The basis of a dose as the codes that mCODE uses."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-dose-basis-to-snomed"
* name = "CARTDoseBasisToSnomed"
* title = "Dose Basis to SNOMED CT"
* status = #active
* experimental = false
* description = "The basis of a dose as the codes that mCODE uses."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-dose-basis-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-dose-basis-cs"
* group[=].target = "http://snomed.info/sct"
* group[=].element[+].code = #per-m2
* group[=].element[=].target.code = #301898006
* group[=].element[=].target.display = "Body surface area"
* group[=].element[=].target.equivalence = #relatedto
* group[=].element[+].code = #per-kg
* group[=].element[=].target.code = #363804004
* group[=].element[=].target.display = "Body weight characteristic"
* group[=].element[=].target.equivalence = #relatedto
* group[=].element[+].code = #flat
* group[=].element[=].target.code = #1157245009
* group[=].element[=].target.display = "Fixed dose"
* group[=].element[=].target.equivalence = #equivalent
