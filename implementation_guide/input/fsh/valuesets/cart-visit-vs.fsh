ValueSet: CARTVisitVS
Id: cart-visit-vs
Title: "Visit"
Description: "Planned visits of the journey."
* insert Codes
* include codes from system CARTVisitCS
