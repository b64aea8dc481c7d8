CodeSystem: CARTHypotensionLevelCS
Id: cart-hypotension-level-cs
Title: "Hypotension Level"
Description: "Degrees of hypotension in CRS."
* insert LocalCodes
* #none "None" "No hypotension."
* #no-vasopressor "Without vasopressor" "Hypotension that needs no vasopressor (grade 2)."
* #one-vasopressor "One vasopressor" "Hypotension that needs one vasopressor, with or without vasopressin (grade 3)."
* #multiple-vasopressors "Multiple vasopressors" "Hypotension that needs several vasopressors, vasopressin not counted (grade 4)."
