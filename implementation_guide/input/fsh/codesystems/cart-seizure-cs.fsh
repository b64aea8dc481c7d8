CodeSystem: CARTSeizureCS
Id: cart-seizure-cs
Title: "Seizure"
Description: "Seizures in ICANS."
* insert LocalCodes
* #none "None" "No seizure."
* #brief-or-resolving "Resolving rapidly" "Clinical seizure that resolves rapidly, or non-convulsive seizure on EEG that resolves with treatment (grade 3)."
* #prolonged-or-repetitive "Prolonged or repetitive" "Seizure of more than five minutes, or repetitive seizures without return to baseline (grade 4)."
