ValueSet: CARTIldFeatureVS
Id: cart-ild-feature-vs
Title: "CT Feature"
Description: "Features of interstitial lung disease on chest CT."
* insert Codes
* include codes from system CARTIldFeatureCS
