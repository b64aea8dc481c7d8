CodeSystem: CARTCostimulatoryDomainCS
Id: cart-costimulatory-domain-cs
Title: "Costimulatory Domain"
Description: "Costimulatory domains of the receptor."
* insert LocalCodes
* #4-1bb "4-1BB" "Costimulatory domain of 4-1BB (CD137)."
* #cd28 "CD28" "Costimulatory domain of CD28."
* #cd28-4-1bb "CD28 and 4-1BB" "Both costimulatory domains in one receptor (third generation)."
* #other "Other" "A costimulatory domain that is not in this list; named in the text."
* #unknown "Unknown" "The source does not state the costimulatory domain."
