ValueSet: CARTSupportivePhaseVS
Id: cart-supportive-phase-vs
Title: "Supportive Phase"
Description: "Purposes of drugs around the infusion, lymphodepletion excepted."
* insert Codes
* CARTTreatmentPhaseCS#bridging
* CARTTreatmentPhaseCS#premedication
* CARTTreatmentPhaseCS#toxicity-management
* CARTTreatmentPhaseCS#infection-prophylaxis
* CARTTreatmentPhaseCS#ig-replacement
