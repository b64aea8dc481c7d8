Instance: cart-organ-outcome-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "Organ Outcomes to SNOMED CT"
Description: "Outcomes of an organ as SNOMED CT findings, which speak of the whole patient."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-organ-outcome-to-snomed"
* name = "CARTOrganOutcomeToSnomed"
* title = "Organ Outcomes to SNOMED CT"
* status = #active
* experimental = false
* description = "Outcomes of an organ as SNOMED CT findings, which speak of the whole patient."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-organ-outcome-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-organ-outcome-cs"
* group[=].target = "http://snomed.info/sct"
* group[=].element[+].code = #improved
* group[=].element[=].target.code = #268910001
* group[=].element[=].target.display = "Patient's condition improved"
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "The target speaks of the whole patient."
* group[=].element[+].code = #stabilised
* group[=].element[=].target.code = #359746009
* group[=].element[=].target.display = "Patient's condition stable"
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "The target speaks of the whole patient."
* group[=].element[+].code = #unchanged
* group[=].element[=].target.code = #359746009
* group[=].element[=].target.display = "Patient's condition stable"
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "The target speaks of the whole patient."
* group[=].element[+].code = #worsened
* group[=].element[=].target.code = #271299001
* group[=].element[=].target.display = "Patient's condition worsened"
* group[=].element[=].target.equivalence = #inexact
* group[=].element[=].target.comment = "The target speaks of the whole patient."
* group[=].element[+].code = #resolved
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #new
* group[=].element[=].target.equivalence = #unmatched
