Instance: cart-sledai-2k-item-to-snomed
InstanceOf: ConceptMap
Usage: #definition
Title: "SLEDAI-2K Items to SNOMED CT"
Description: "Findings that SLEDAI-2K items are narrower than: evidence for an item, never the item itself."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-sledai-2k-item-to-snomed"
* name = "CARTSledai2kItemToSnomed"
* title = "SLEDAI-2K Items to SNOMED CT"
* status = #active
* experimental = false
* description = "Findings that SLEDAI-2K items are narrower than: evidence for an item, never the item itself."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-sledai-2k-item-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-sledai-2k-item-cs"
* group[=].target = "http://snomed.info/sct"
* group[=].element[+].code = #seizure
* group[=].element[=].target.code = #91175000
* group[=].element[=].target.display = "Seizure"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #psychosis
* group[=].element[=].target.code = #69322001
* group[=].element[=].target.display = "Psychotic disorder"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #organic-brain-syndrome
* group[=].element[=].target.code = #111479008
* group[=].element[=].target.display = "Organic mental disorder"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #visual-disturbance
* group[=].element[=].target.code = #63102001
* group[=].element[=].target.display = "Visual disturbance"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #cranial-nerve-disorder
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #lupus-headache
* group[=].element[=].target.code = #25064002
* group[=].element[=].target.display = "Headache"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #cva
* group[=].element[=].target.code = #230690007
* group[=].element[=].target.display = "Cerebrovascular accident"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #vasculitis
* group[=].element[=].target.code = #31996006
* group[=].element[=].target.display = "Vasculitis"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #arthritis
* group[=].element[=].target.code = #3723001
* group[=].element[=].target.display = "Arthritis"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #myositis
* group[=].element[=].target.code = #26889001
* group[=].element[=].target.display = "Myositis"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #urinary-casts
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #haematuria
* group[=].element[=].target.code = #34436003
* group[=].element[=].target.display = "Blood in urine"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #proteinuria
* group[=].element[=].target.code = #29738008
* group[=].element[=].target.display = "Proteinuria"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #pyuria
* group[=].element[=].target.code = #4800001
* group[=].element[=].target.display = "Pyuria"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #rash
* group[=].element[=].target.code = #271807003
* group[=].element[=].target.display = "Eruption of skin"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #alopecia
* group[=].element[=].target.code = #56317004
* group[=].element[=].target.display = "Alopecia"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #mucosal-ulcers
* group[=].element[=].target.code = #26284000
* group[=].element[=].target.display = "Ulcer of mouth"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #pleurisy
* group[=].element[=].target.code = #196075003
* group[=].element[=].target.display = "Pleurisy"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #pericarditis
* group[=].element[=].target.code = #3238004
* group[=].element[=].target.display = "Pericarditis"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #low-complement
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #increased-dna-binding
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #fever
* group[=].element[=].target.code = #386661006
* group[=].element[=].target.display = "Fever"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #thrombocytopenia
* group[=].element[=].target.code = #302215000
* group[=].element[=].target.display = "Thrombocytopenic disorder"
* group[=].element[=].target.equivalence = #wider
* group[=].element[+].code = #leukopenia
* group[=].element[=].target.code = #84828003
* group[=].element[=].target.display = "Leukopenia"
* group[=].element[=].target.equivalence = #wider
