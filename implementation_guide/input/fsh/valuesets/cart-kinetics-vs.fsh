ValueSet: CARTKineticsVS
Id: cart-kinetics-vs
Title: "Kinetics"
Description: "Measures of expansion and persistence of CAR-T cells; no LOINC code could be verified for them."
* insert Codes
* include codes from system CARTKineticsCS
