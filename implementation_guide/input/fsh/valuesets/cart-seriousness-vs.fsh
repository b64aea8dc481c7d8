ValueSet: CARTSeriousnessVS
Id: cart-seriousness-vs
Title: "Seriousness"
Description: "Serious or non-serious, in the lower-case spelling of HL7 Terminology 1.0.1 and later; the R4 specification still prints the older one."
* insert Codes
* $ae-seriousness#serious "Serious"
* $ae-seriousness#non-serious "Non-serious"
