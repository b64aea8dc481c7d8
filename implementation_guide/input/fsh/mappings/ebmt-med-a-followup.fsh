Mapping: LmEbmtMedAToFollowUp
Source: CARTFollowUp
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-ebmt-med-a"
Id: ebmt-med-a
Title: "Cellular therapies, MED-A (EBMT)"
* extension[visit] -> "visit" "Day 0, day 100, 6 months, annual (visits)"
* value[x] -> "longTerm" "Follow-up to fifteen years (follow-up)"
