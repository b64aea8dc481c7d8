ValueSet: CARTSubsequentInfusionReasonVS
Id: cart-subsequent-infusion-reason-vs
Title: "Reason for a Subsequent Infusion"
Description: "Why a further infusion was given."
* insert Codes
* include codes from system CARTSubsequentInfusionReasonCS
