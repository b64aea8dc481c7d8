CodeSystem: CARTAeGradingSystemCS
Id: cart-ae-grading-system-cs
Title: "Grading System"
Description: "Systems by which toxicities are graded, and scores that enter them."
* insert LocalCodes
* #astct-crs "ASTCT CRS grade" "Consensus grading of cytokine release syndrome of the American Society for Transplantation and Cellular Therapy."
* #astct-icans "ASTCT ICANS grade" "Consensus grading of neurotoxicity of the American Society for Transplantation and Cellular Therapy."
* #iec-hs-grade "IEC-HS grade" "Grade of the haemophagocytic syndrome; the criteria stand in the source."
* #n-icaht "ICAHT grade, neutropenia" "Grade of immune effector cell-associated neutropenia; the thresholds stand in the source."
* #t-icaht "ICAHT grade, thrombocytopenia" "Grade of immune effector cell-associated thrombocytopenia by platelet thresholds and their duration."
* #licats-severity "LICATS severity" "Severity of local toxicity, 1 (resolves by itself) to 4 (intensive care)."
* #ctcae-5 "CTCAE version 5" "Common Terminology Criteria for Adverse Events, version 5."
