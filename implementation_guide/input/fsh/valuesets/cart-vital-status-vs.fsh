ValueSet: CARTVitalStatusVS
Id: cart-vital-status-vs
Title: "Vital Status"
Description: "Alive, dead or lost to follow-up."
* insert Codes
* insert SNOMEDCopyright
* include codes from system CARTVitalStatusCS
* $SCT#419099009 "Dead"
