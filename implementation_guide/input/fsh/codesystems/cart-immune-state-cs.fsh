CodeSystem: CARTImmuneStateCS
Id: cart-immune-state-cs
Title: "Immune State"
Description: "Conclusions about immune cells."
* insert LocalCodes
* #b-cell-aplasia "B-cell aplasia" "B cells are absent, by the threshold of the laboratory."
* #b-cell-reconstitution "B-cell reconstitution" "Date on which B cells were detected again."
* #neutrophil-recovery "Neutrophil recovery" "Date on which neutrophils had recovered."
* #platelet-recovery "Platelet recovery" "Date on which platelets had recovered."
* #vaccine-titre-preserved "Vaccine titre preserved" "Protective titres were kept."
