ValueSet: CARTBilagSystemVS
Id: cart-bilag-system-vs
Title: "BILAG System"
Description: "The nine systems of BILAG-2004, by short label."
* insert Codes
* include codes from system CARTBilagSystemCS
