ValueSet: CARTQualitativeResultVS
Id: cart-qualitative-result-vs
Title: "Qualitative Result"
Description: "Answers of a test that is positive or negative."
* insert Codes
* insert SNOMEDCopyright
* $SCT#10828004 "Positive"
* $SCT#260385009 "Negative"
* $SCT#261665006 "Unknown"
