CodeSystem: CARTIldFeatureCS
Id: cart-ild-feature-cs
Title: "CT Feature"
Description: "Features of interstitial lung disease on chest CT."
* insert LocalCodes
* #interstitial-thickening "Interstitial thickening" "Thickening of the interstitium."
* #bronchial-wall-thickening "Bronchial wall thickening" "Thickening of bronchial walls."
* #parenchymal-bands "Parenchymal bands" "Bands in the parenchyma."
* #subpleural-bands "Subpleural bands" "Bands below the pleura."
