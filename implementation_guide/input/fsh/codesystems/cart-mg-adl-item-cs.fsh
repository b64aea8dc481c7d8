CodeSystem: CARTMgAdlItemCS
Id: cart-mg-adl-item-cs
Title: "MG-ADL Item"
Description: "Items of MG-ADL, by short label only."
* insert LocalCodes
* #talking "Talking" "Item 1 of MG-ADL."
* #chewing "Chewing" "Item 2 of MG-ADL."
* #swallowing "Swallowing" "Item 3 of MG-ADL."
* #breathing "Breathing" "Item 4 of MG-ADL."
* #brush-teeth-comb-hair "Brushing teeth or combing hair" "Item 5 of MG-ADL."
* #arise-from-chair "Arising from a chair" "Item 6 of MG-ADL."
* #double-vision "Double vision" "Item 7 of MG-ADL."
* #eyelid-droop "Eyelid droop" "Item 8 of MG-ADL."
