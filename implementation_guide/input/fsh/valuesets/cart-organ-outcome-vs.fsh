ValueSet: CARTOrganOutcomeVS
Id: cart-organ-outcome-vs
Title: "Organ Outcome"
Description: "Outcomes of an organ involvement: local codes, or SNOMED CT for better, stable and worse."
* insert Codes
* insert SNOMEDCopyright
* include codes from system CARTOrganOutcomeCS
* $SCT#268910001 "Patient's condition improved"
* $SCT#359746009 "Patient's condition stable"
* $SCT#271299001 "Patient's condition worsened"
