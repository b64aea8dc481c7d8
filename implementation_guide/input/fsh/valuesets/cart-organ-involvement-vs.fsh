ValueSet: CARTOrganInvolvementVS
Id: cart-organ-involvement-vs
Title: "Organ Involvement"
Description: "Organ involvement and damage in the autoimmune diseases of this guide."
* insert Codes
* insert SNOMEDCopyright
* include codes from system CARTOrganFindingCS
* $SCT#233703007 "Interstitial lung disease"
* $SCT#36485005 "Restrictive lung disease"
* $SCT#70995007 "Pulmonary hypertension"
* $SCT#11399002 "Pulmonary arterial hypertension"
* $SCT#697903007 "Pulmonary arterial hypertension associated with connective tissue disease"
* $SCT#68815009 "Systemic lupus erythematosus glomerulonephritis syndrome"
* $SCT#307755009 "Renal tubulo-interstitial disorder in systemic lupus erythematosus"
* $SCT#77182004 "Membranous glomerulonephritis"
* $SCT#66760008 "Optic neuritis"
* $SCT#3723001 "Arthritis"
* $SCT#26889001 "Myositis"
* $SCT#6595006 "Calcinosis"
* $SCT#46742003 "Skin ulcer"
* $SCT#238772004 "Livedo reticularis"
* $SCT#271807003 "Eruption of skin"
* $SCT#56317004 "Alopecia"
* $SCT#196075003 "Pleurisy"
* $SCT#3238004 "Pericarditis"
* $SCT#302215000 "Thrombocytopenic disorder"
