CodeSystem: CARTTargetAntigenCS
Id: cart-target-antigen-cs
Title: "Target Antigen"
Description: "Antigens that receptors bind."
* insert LocalCodes
* #cd19 "CD19" "B-lymphocyte antigen CD19."
* #bcma "BCMA" "B-cell maturation antigen."
* #cd20 "CD20" "B-lymphocyte antigen CD20."
* #other "Other antigen" "An antigen that is not in this list; named in the text."
