CodeSystem: CARTOrganOutcomeCS
Id: cart-organ-outcome-cs
Title: "Organ Outcome"
Description: "Outcomes of an organ involvement."
* insert LocalCodes
* #resolved "Resolved" "No longer there."
* #improved "Improved" "Better than before."
* #stabilised "Stabilised" "No longer getting worse."
* #unchanged "Unchanged" "As before."
* #worsened "Worsened" "Worse than before."
* #new "New" "Not there before."
