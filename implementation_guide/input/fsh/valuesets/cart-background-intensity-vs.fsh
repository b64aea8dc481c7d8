ValueSet: CARTBackgroundIntensityVS
Id: cart-background-intensity-vs
Title: "Background Intensity"
Description: "Intensity of immunosuppressive background therapy as centres note it."
* insert Codes
* include codes from system CARTBackgroundIntensityCS
