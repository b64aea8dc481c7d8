CodeSystem: CARTResponseCS
Id: cart-response-cs
Title: "Response"
Description: "Response of the disease."
* insert LocalCodes
* #cr "Complete response" "Complete response by the stated criteria."
* #pr "Partial response" "Partial response by the stated criteria."
* #nr "No response" "No response by the stated criteria."
* #relapse "Relapse" "The disease came back after a response."
* #normalization "Normalization" "Normalization of organ function (registry answer for non-malignant disease)."
* #partial-normalization "Partial normalization" "Partial normalization of organ function (registry answer for non-malignant disease)."
* #worsening "Worsening" "Worsening of organ function (registry answer for non-malignant disease)."
* #not-evaluable "Not evaluable" "The response could not be evaluated."
