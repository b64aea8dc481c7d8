Extension: CARTTreatmentSetting
Id: cart-treatment-setting
Title: "Treatment Setting"
Description: "Legal setting in which the product is given."
* insert Context(EpisodeOfCare)
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from CARTTreatmentSettingVS (required)
