Mapping: LmCibmtr4000ToPriorImmunosuppression
Source: CARTPriorImmunosuppression
Target: "https://w3id.org/cart-fhir/StructureDefinition/cart-lm-cibmtr-4000"
Id: cibmtr-4000
Title: "Cellular therapy, before infusion (CIBMTR form 4000)"
* medication[x] -> "priorTherapy" "Prior therapy (Q26-45)"
* extension[lineNumber] -> "priorLine" "Line of prior therapy (Q26-45)"
