Instance: cart-ae-term-to-other-systems
InstanceOf: ConceptMap
Usage: #definition
Title: "Adverse Event Terms to NCIt and ICD-10-CM"
Description: "Toxicities of immune effector cells in other systems. ICANS, IEC-HS, LICATS and ICAHT have no verified counterpart without a grade; related syndromes are not the same."
* url = "https://w3id.org/cart-fhir/ConceptMap/cart-ae-term-to-other-systems"
* name = "CARTAeTermToOtherSystems"
* title = "Adverse Event Terms to NCIt and ICD-10-CM"
* status = #active
* experimental = false
* description = "Toxicities of immune effector cells in other systems. ICANS, IEC-HS, LICATS and ICAHT have no verified counterpart without a grade; related syndromes are not the same."
* sourceCanonical = "https://w3id.org/cart-fhir/ValueSet/cart-ae-term-vs"
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-ae-term-cs"
* group[=].target = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"
* group[=].element[+].code = #crs
* group[=].element[=].target.code = #C78251
* group[=].element[=].target.display = "Cytokine Release Syndrome"
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #icans
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #iec-hs
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #licats
* group[=].element[=].target.equivalence = #unmatched
* group[=].element[+].code = #icaht
* group[=].element[=].target.equivalence = #unmatched
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-ae-term-cs"
* group[=].target = "http://hl7.org/fhir/sid/icd-10-cm"
* group[=].element[+].code = #crs
* group[=].element[=].target.code = #D89.83
* group[=].element[=].target.equivalence = #equivalent
* group[=].element[+].code = #icans
* group[=].element[=].target.code = #G92.00
* group[=].element[=].target.equivalence = #relatedto
* group[=].element[=].target.comment = "Unspecified grade; the code with the grade is in the map of ICANS grades."
* group[+].source = "https://w3id.org/cart-fhir/CodeSystem/cart-ae-term-cs"
* group[=].target = "http://snomed.info/sct"
* group[=].element[+].code = #iec-hs
* group[=].element[=].target.code = #234437005
* group[=].element[=].target.display = "Hemophagocytic lymphohistiocytosis"
* group[=].element[=].target.equivalence = #relatedto
* group[=].element[=].target.comment = "A related syndrome with other criteria."
* group[=].element[+].code = #second-primary-malignancy
* group[=].element[=].target.code = #363346000
* group[=].element[=].target.display = "Malignant neoplastic disease"
* group[=].element[=].target.equivalence = #wider
* group[=].element[=].target.comment = "Never 128462008, which means a metastasis."
