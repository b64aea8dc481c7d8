CodeSystem: CARTBackgroundIntensityCS
Id: cart-background-intensity-cs
Title: "Background Intensity"
Description: "Intensity of immunosuppressive background therapy as centres note it."
* insert LocalCodes
* #0 "None" "No background therapy."
* #1-plus "+" "Low intensity."
* #2-plus "++" "Moderate intensity."
* #3-plus "+++" "High intensity."
