Instance: cart-ae-outcome-to-ncit
InstanceOf: ConceptMap
Usage: #definition
Title: "Adverse Event Outcomes to NCIt"
Description: "The second coding that the HL7 guide for adverse events in clinical research asks for; unknown has none."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-ae-outcome-to-ncit"
* name = "CARTAeOutcomeToNcit"
* title = "Adverse Event Outcomes to NCIt"
* status = #active
* experimental = false
* description = "The second coding that the HL7 guide for adverse events in clinical research asks for; unknown has none."
* sourceCanonical = "http://hl7.org/fhir/ValueSet/adverse-event-outcome"
* group[+].source = "http://terminology.hl7.org/CodeSystem/adverse-event-outcome"
* group[=].target = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
* group[=].element[+].code = #resolved
* group[=].element[=].target.code = #C49498
* group[=].element[=].target.display = "Recovered from Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #recovering
* group[=].element[=].target.code = #C49496
* group[=].element[=].target.display = "Recovering or Resolving"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #ongoing
* group[=].element[=].target.code = #C49494
* group[=].element[=].target.display = "Not Recovered from Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #resolvedWithSequelae
* group[=].element[=].target.code = #C49495
* group[=].element[=].target.display = "Recovered from Adverse Event with Sequelae"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #fatal
* group[=].element[=].target.code = #C48275
* group[=].element[=].target.display = "Death Related to Adverse Event"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #unknown
* group[=].element[=].target.equivalence = #unmatched
