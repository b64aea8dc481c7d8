ValueSet: CARTDiseaseActivityVS
Id: cart-disease-activity-vs
Title: "Disease Activity Instrument"
Description: "Instruments of disease activity and damage; no standard code system has them."
* insert Codes
* insert LOINCCopyright
* include codes from system CARTDiseaseActivityCS
* $LNC#64392-4
