CodeSystem: CARTSubsequentInfusionReasonCS
Id: cart-subsequent-infusion-reason-cs
Title: "Reason for a Subsequent Infusion"
Description: "Why a further infusion was given."
* insert LocalCodes
* #relapse "Relapse" "The disease had come back."
* #no-response "No response" "The disease had not responded."
* #loss-of-b-cell-aplasia "Loss of B-cell aplasia" "B cells had returned."
* #planned-split-dose "Planned split dose" "The dose had been planned in parts."
* #other "Other" "Another reason; named in the text."
