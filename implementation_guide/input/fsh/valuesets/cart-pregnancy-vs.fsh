ValueSet: CARTPregnancyVS
Id: cart-pregnancy-vs
Title: "Pregnancy"
Description: "Pregnancy and fertility after the infusion."
* insert Codes
* include codes from system CARTPregnancyCS
