CodeSystem: CARTLicatsOrganCS
Id: cart-licats-organ-cs
Title: "LICATS Organ"
Description: "Organs of local toxicity."
* insert LocalCodes
* #skin "Skin" "Skin."
* #kidney "Kidney" "Kidney."
* #joint "Joint" "Joint."
* #lung "Lung" "Lung."
* #muscle "Muscle" "Muscle."
* #cns "Central nervous system" "Central nervous system."
* #other "Other" "Another organ; named in the text."
