CodeSystem: CARTSledai2kItemCS
Id: cart-sledai-2k-item-cs
Title: "SLEDAI-2K Item"
Description: "The 24 items of SLEDAI-2K by short label, with their weights as a property. The wording of the instrument is not reproduced."
* insert LocalCodes
* ^property[0].code = #weight
* ^property[0].description = "Points that the item adds to the total when it is present."
* ^property[0].type = #integer
* #seizure "Seizure" "Item 1 of SLEDAI-2K, weight 8."
* #seizure ^property[0].code = #weight
* #seizure ^property[0].valueInteger = 8
* #psychosis "Psychosis" "Item 2 of SLEDAI-2K, weight 8."
* #psychosis ^property[0].code = #weight
* #psychosis ^property[0].valueInteger = 8
* #organic-brain-syndrome "Organic brain syndrome" "Item 3 of SLEDAI-2K, weight 8."
* #organic-brain-syndrome ^property[0].code = #weight
* #organic-brain-syndrome ^property[0].valueInteger = 8
* #visual-disturbance "Visual disturbance" "Item 4 of SLEDAI-2K, weight 8."
* #visual-disturbance ^property[0].code = #weight
* #visual-disturbance ^property[0].valueInteger = 8
* #cranial-nerve-disorder "Cranial nerve disorder" "Item 5 of SLEDAI-2K, weight 8."
* #cranial-nerve-disorder ^property[0].code = #weight
* #cranial-nerve-disorder ^property[0].valueInteger = 8
* #lupus-headache "Lupus headache" "Item 6 of SLEDAI-2K, weight 8."
* #lupus-headache ^property[0].code = #weight
* #lupus-headache ^property[0].valueInteger = 8
* #cva "Cerebrovascular accident" "Item 7 of SLEDAI-2K, weight 8."
* #cva ^property[0].code = #weight
* #cva ^property[0].valueInteger = 8
* #vasculitis "Vasculitis" "Item 8 of SLEDAI-2K, weight 8."
* #vasculitis ^property[0].code = #weight
* #vasculitis ^property[0].valueInteger = 8
* #arthritis "Arthritis" "Item 9 of SLEDAI-2K, weight 4."
* #arthritis ^property[0].code = #weight
* #arthritis ^property[0].valueInteger = 4
* #myositis "Myositis" "Item 10 of SLEDAI-2K, weight 4."
* #myositis ^property[0].code = #weight
* #myositis ^property[0].valueInteger = 4
* #urinary-casts "Urinary casts" "Item 11 of SLEDAI-2K, weight 4: haem-granular or red cell casts."
* #urinary-casts ^property[0].code = #weight
* #urinary-casts ^property[0].valueInteger = 4
* #haematuria "Haematuria" "Item 12 of SLEDAI-2K, weight 4: more than 5 red cells per field."
* #haematuria ^property[0].code = #weight
* #haematuria ^property[0].valueInteger = 4
* #proteinuria "Proteinuria" "Item 13 of SLEDAI-2K, weight 4: more than 0.5 g in 24 hours."
* #proteinuria ^property[0].code = #weight
* #proteinuria ^property[0].valueInteger = 4
* #pyuria "Pyuria" "Item 14 of SLEDAI-2K, weight 4: more than 5 white cells per field, infection excluded."
* #pyuria ^property[0].code = #weight
* #pyuria ^property[0].valueInteger = 4
* #rash "Rash" "Item 15 of SLEDAI-2K, weight 2."
* #rash ^property[0].code = #weight
* #rash ^property[0].valueInteger = 2
* #alopecia "Alopecia" "Item 16 of SLEDAI-2K, weight 2."
* #alopecia ^property[0].code = #weight
* #alopecia ^property[0].valueInteger = 2
* #mucosal-ulcers "Mucosal ulcers" "Item 17 of SLEDAI-2K, weight 2."
* #mucosal-ulcers ^property[0].code = #weight
* #mucosal-ulcers ^property[0].valueInteger = 2
* #pleurisy "Pleurisy" "Item 18 of SLEDAI-2K, weight 2."
* #pleurisy ^property[0].code = #weight
* #pleurisy ^property[0].valueInteger = 2
* #pericarditis "Pericarditis" "Item 19 of SLEDAI-2K, weight 2."
* #pericarditis ^property[0].code = #weight
* #pericarditis ^property[0].valueInteger = 2
* #low-complement "Low complement" "Item 20 of SLEDAI-2K, weight 2: C3, C4 or CH50 below the range of the laboratory."
* #low-complement ^property[0].code = #weight
* #low-complement ^property[0].valueInteger = 2
* #increased-dna-binding "Increased DNA binding" "Item 21 of SLEDAI-2K, weight 2: anti-dsDNA above the range of the laboratory."
* #increased-dna-binding ^property[0].code = #weight
* #increased-dna-binding ^property[0].valueInteger = 2
* #fever "Fever" "Item 22 of SLEDAI-2K, weight 1: above 38 degrees Celsius."
* #fever ^property[0].code = #weight
* #fever ^property[0].valueInteger = 1
* #thrombocytopenia "Thrombocytopenia" "Item 23 of SLEDAI-2K, weight 1: platelets below 100 x 10*9/L."
* #thrombocytopenia ^property[0].code = #weight
* #thrombocytopenia ^property[0].valueInteger = 1
* #leukopenia "Leukopenia" "Item 24 of SLEDAI-2K, weight 1: leukocytes below 3 x 10*9/L, not due to drugs."
* #leukopenia ^property[0].code = #weight
* #leukopenia ^property[0].valueInteger = 1
