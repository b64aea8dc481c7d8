CodeSystem: CARTBilagSystemCS
Id: cart-bilag-system-cs
Title: "BILAG System"
Description: "The nine systems of BILAG-2004, by short label."
* insert LocalCodes
* #constitutional "Constitutional" "Constitutional."
* #mucocutaneous "Mucocutaneous" "Mucocutaneous."
* #neuropsychiatric "Neuropsychiatric" "Neuropsychiatric."
* #musculoskeletal "Musculoskeletal" "Musculoskeletal."
* #cardiorespiratory "Cardiorespiratory" "Cardiorespiratory."
* #gastrointestinal "Gastrointestinal" "Gastrointestinal."
* #ophthalmic "Ophthalmic" "Ophthalmic."
* #renal "Renal" "Renal."
* #haematological "Haematological" "Haematological."
