CodeSystem: CARTKineticsMethodCS
Id: cart-kinetics-method-cs
Title: "Kinetics Method"
Description: "How CAR-T cells are measured."
* insert LocalCodes
* #flow "Flow cytometry" "Flow cytometry."
* #qpcr "Quantitative PCR" "Quantitative polymerase chain reaction."
* #ddpcr "Droplet digital PCR" "Droplet digital polymerase chain reaction."
* #ihc "Immunohistochemistry" "Immunohistochemistry on tissue."
