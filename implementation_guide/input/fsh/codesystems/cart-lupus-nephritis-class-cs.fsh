CodeSystem: CARTLupusNephritisClassCS
Id: cart-lupus-nephritis-class-cs
Title: "Lupus Nephritis Class"
Description: "ISN/RPS 2003 classes of lupus nephritis; mixed classes repeat the stage."
* insert LocalCodes
* #class-i "Class I" "Minimal mesangial lupus nephritis."
* #class-ii "Class II" "Mesangial proliferative lupus nephritis."
* #class-iii "Class III" "Focal lupus nephritis."
* #class-iv "Class IV" "Diffuse lupus nephritis."
* #class-v "Class V" "Membranous lupus nephritis."
* #class-vi "Class VI" "Advanced sclerosing lupus nephritis."
