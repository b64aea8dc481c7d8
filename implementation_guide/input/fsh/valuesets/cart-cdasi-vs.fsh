ValueSet: CARTCdasiVS
Id: cart-cdasi-vs
Title: "CDASI"
Description: "The two parts of CDASI."
* insert Codes
* CARTDiseaseActivityCS#cdasi-activity
* CARTDiseaseActivityCS#cdasi-damage
