ValueSet: CARTImagingFindingVS
Id: cart-imaging-finding-vs
Title: "Imaging Finding"
Description: "Finding of interstitial lung disease, and its evolution."
* insert Codes
* insert SNOMEDCopyright
* $SCT#233703007 "Interstitial lung disease"
* $SCT#260385009 "Negative"
* $SCT#268910001 "Patient's condition improved"
* $SCT#359746009 "Patient's condition stable"
* $SCT#271299001 "Patient's condition worsened"
* $SCT#709137006 "Patient condition undetermined"
