CodeSystem: CARTResponseCriteriaCS
Id: cart-response-criteria-cs
Title: "Response Criteria"
Description: "Criteria by which a response was assessed."
* insert LocalCodes
* #doris-2021 "DORIS 2021" "Definition of remission in SLE, 2021."
* #lldas "LLDAS" "Lupus low disease activity state."
* #itp-iwg "ITP working group" "Criteria of the ITP International Working Group; complete response at platelets of 100 x 10*9/L or more."
* #aiha "AIHA criteria" "Response criteria for autoimmune haemolytic anaemia; stated in the text."
* #jdm "JDM criteria" "Response criteria for juvenile dermatomyositis; stated in the text."
* #mg "MG criteria" "Response criteria for myasthenia gravis; stated in the text."
* #other "Other" "Other criteria; stated in the text."
