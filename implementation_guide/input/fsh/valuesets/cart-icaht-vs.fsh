ValueSet: CARTIcahtVS
Id: cart-icaht-vs
Title: "ICAHT Grade"
Description: "Grading of haematotoxicity, of neutrophils or of platelets."
* insert Codes
* CARTAeGradingSystemCS#n-icaht
* CARTAeGradingSystemCS#t-icaht
