CodeSystem: CARTAeTermCS
Id: cart-ae-term-cs
Title: "Adverse Event Term"
Description: "Toxicities of immune effector cells without a verified standard code."
* insert LocalCodes
* #crs "Cytokine release syndrome" "Systemic inflammatory reaction to activated immune effector cells."
* #icans "ICANS" "Immune effector cell-associated neurotoxicity syndrome."
* #iec-hs "IEC-HS" "Immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome."
* #licats "LICATS" "Local immune effector cell-associated toxicity syndrome in autoimmune disease; not a relapse."
* #icaht "ICAHT" "Immune effector cell-associated haematotoxicity."
* #icaht-neutropenia "ICAHT, neutropenia" "Neutropenia of immune effector cell-associated haematotoxicity."
* #icaht-thrombocytopenia "ICAHT, thrombocytopenia" "Thrombocytopenia of immune effector cell-associated haematotoxicity."
* #second-primary-malignancy "Second primary malignancy" "A new malignancy after the infusion; not a metastasis."
* #t-cell-malignancy-car-positive "CAR-positive T-cell malignancy" "A T-cell malignancy whose cells carry the receptor gene."
