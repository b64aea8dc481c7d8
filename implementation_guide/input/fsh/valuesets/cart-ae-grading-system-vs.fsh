ValueSet: CARTAeGradingSystemVS
Id: cart-ae-grading-system-vs
Title: "Grading System"
Description: "Systems by which toxicities are graded, and scores that enter them."
* insert Codes
* include codes from system CARTAeGradingSystemCS
