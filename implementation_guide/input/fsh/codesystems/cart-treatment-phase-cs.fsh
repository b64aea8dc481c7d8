CodeSystem: CARTTreatmentPhaseCS
Id: cart-treatment-phase-cs
Title: "Treatment Phase"
Description: "Purpose of a drug in the journey."
* insert LocalCodes
* #bridging "Bridging" "Treatment between leukapheresis and lymphodepletion."
* #lymphodepletion "Lymphodepletion" "Chemotherapy that prepares for the infusion."
* #premedication "Premedication" "Given shortly before the infusion to prevent reactions."
* #toxicity-management "Toxicity management" "Given for a toxicity of the treatment."
* #infection-prophylaxis "Infection prophylaxis" "Given to prevent infection."
* #ig-replacement "Immunoglobulin replacement" "Immunoglobulins in place of missing antibodies."
