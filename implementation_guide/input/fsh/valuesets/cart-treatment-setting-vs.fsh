ValueSet: CARTTreatmentSettingVS
Id: cart-treatment-setting-vs
Title: "Treatment Setting"
Description: "Legal settings in which CAR-T cells are given."
* insert Codes
* include codes from system CARTTreatmentSettingCS
