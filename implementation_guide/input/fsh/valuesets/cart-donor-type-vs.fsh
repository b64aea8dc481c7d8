ValueSet: CARTDonorTypeVS
Id: cart-donor-type-vs
Title: "Donor Type"
Description: "Relation of the donor to the recipient."
* insert Codes
* include codes from system CARTDonorTypeCS
