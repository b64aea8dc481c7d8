ValueSet: CARTStageTypeVS
Id: cart-stage-type-vs
Title: "Stage Type"
Description: "Classifications that stages belong to."
* insert Codes
* include codes from system CARTStageTypeCS
