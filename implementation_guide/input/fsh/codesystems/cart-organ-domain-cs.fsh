CodeSystem: CARTOrganDomainCS
Id: cart-organ-domain-cs
Title: "Organ Domain"
Description: "Organ systems."
* insert LocalCodes
* #renal "Kidney" "Kidney and urinary tract."
* #pulmonary "Lung" "Lung and pleura."
* #cardiac "Heart" "Heart and pericardium."
* #nervous-system "Nervous system" "Central and peripheral nervous system, eye nerves included."
* #musculoskeletal "Muscle and joint" "Muscle, joint and bone."
* #skin "Skin and mucosa" "Skin, hair and mucosa."
* #blood "Blood" "Blood cells and coagulation."
* #gastrointestinal "Gastrointestinal tract" "Gastrointestinal tract and liver."
* #metabolic "Metabolism" "Metabolic and endocrine effects of the disease or its treatment."
* #other "Other" "Another organ; named in the text."
