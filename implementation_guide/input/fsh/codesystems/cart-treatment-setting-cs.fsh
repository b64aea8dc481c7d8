CodeSystem: CARTTreatmentSettingCS
Id: cart-treatment-setting-cs
Title: "Treatment Setting"
Description: "Legal settings in which CAR-T cells are given."
* insert LocalCodes
* #clinical-trial "Clinical trial" "Given in a registered clinical trial."
* #hospital-exemption "Hospital exemption" "Given under the hospital exemption for advanced therapies."
* #compassionate-use "Compassionate use" "Given as compassionate use or expanded access."
* #commercial "Commercial" "Given as an authorised product, within or outside its indication."
