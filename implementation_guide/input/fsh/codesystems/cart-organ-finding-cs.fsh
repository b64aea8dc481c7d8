CodeSystem: CARTOrganFindingCS
Id: cart-organ-finding-cs
Title: "Organ Finding"
Description: "Organ findings without a verified standard code."
* insert LocalCodes
* #diffuse-alveolar-haemorrhage "Diffuse alveolar haemorrhage" "Bleeding into the alveoli of both lungs."
* #optic-neuropathy "Optic neuropathy" "Damage of the optic nerve, wider than optic neuritis."
* #malar-rash "Malar rash" "Butterfly rash of the face."
* #calcinosis-universalis "Calcinosis universalis" "Widespread calcification of skin, muscle and fascia."
* #serositis "Serositis" "Inflammation of serous membranes, without the site."
