ValueSet: CARTAeTermVS
Id: cart-ae-term-vs
Title: "Adverse Event Term"
Description: "Toxicities of CAR-T cells and of lymphodepletion. Further events in SNOMED CT or another system are sent as they are; MedDRA codes of a source may stand beside them and are not listed here."
* insert Codes
* insert SNOMEDCopyright
* include codes from system CARTAeTermCS
* $NCIT#C78251 "Cytokine Release Syndrome"
* $SCT#165517008 "Neutropenia"
* $SCT#409089005 "Febrile neutropenia"
* $SCT#48813009 "Lymphocytopenia"
* $SCT#302215000 "Thrombocytopenic disorder"
* $SCT#271737000 "Anemia"
* $SCT#84828003 "Leukopenia"
* $SCT#127034005 "Pancytopenia"
* $SCT#119250001 "Hypogammaglobulinemia"
* $SCT#40733004 "Infectious disease"
* $SCT#87628006 "Bacterial infectious disease"
* $SCT#91302008 "Sepsis"
* $SCT#76571007 "Septic shock"
* $SCT#4740000 "Herpes zoster"
* $SCT#28944009 "Cytomegalovirus infection"
* $SCT#233604007 "Pneumonia"
* $SCT#363346000 "Malignant neoplastic disease"
* $SCT#386661006 "Fever"
