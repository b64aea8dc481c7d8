CodeSystem: CARTStageTypeCS
Id: cart-stage-type-cs
Title: "Stage Type"
Description: "Classifications that stages belong to."
* insert LocalCodes
* #isn-rps-2003 "ISN/RPS 2003" "Classification of lupus nephritis of the International Society of Nephrology and the Renal Pathology Society, 2003."
