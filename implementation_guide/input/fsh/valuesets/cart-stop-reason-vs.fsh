ValueSet: CARTStopReasonVS
Id: cart-stop-reason-vs
Title: "Stop Reason"
Description: "Why an immunosuppressive treatment ended."
* insert Codes
* include codes from system CARTStopReasonCS
