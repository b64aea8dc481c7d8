CodeSystem: CARTHypoxiaLevelCS
Id: cart-hypoxia-level-cs
Title: "Hypoxia Level"
Description: "Degrees of hypoxia in CRS."
* insert LocalCodes
* #none "None" "No hypoxia."
* #low-flow "Low flow" "Low-flow nasal oxygen (up to 6 L/min) or blow-by (grade 2)."
* #high-flow "High flow or mask" "High-flow cannula, face mask, non-rebreather or Venturi mask (grade 3)."
* #positive-pressure "Positive pressure" "CPAP, BiPAP or intubation (grade 4)."
