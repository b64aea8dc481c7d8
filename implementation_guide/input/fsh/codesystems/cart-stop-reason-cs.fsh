CodeSystem: CARTStopReasonCS
Id: cart-stop-reason-cs
Title: "Stop Reason"
Description: "Why an immunosuppressive treatment ended."
* insert LocalCodes
* #cart-washout "Washout before lymphodepletion" "Stopped because CAR-T cells were planned."
* #no-response "No response" "Stopped because it did not work."
* #not-tolerated "Not tolerated" "Stopped because of unwanted effects."
* #remission "Remission" "Stopped because the disease was in remission."
* #refusal "Refusal" "The patient did not want to go on."
* #other "Other" "Another reason; named in the text."
