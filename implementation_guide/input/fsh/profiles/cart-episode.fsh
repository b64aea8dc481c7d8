Profile: CARTEpisode
Parent: EpisodeOfCare
Id: cart-episode
Title: "CAR-T Episode"
Description: "The course of treatment with CAR-T cells at one centre, and the setting in which it is given."
* extension contains CARTTreatmentSetting named treatmentSetting 0..1 and CARTEpisodeStudy named study 0..1
* insert Supported(extension[study], [[The study, when the setting is a trial]])
* patient only Reference(CARTPatient)
* diagnosis.condition only Reference(CARTAutoimmuneCondition)
* insert Supported(extension[treatmentSetting], [[Trial, hospital exemption, compassionate use or commercial]])
* insert Supported(identifier, [[Identifier of the episode]])
* insert Supported(status, [[Planned, active, finished ...]])
* insert Supported(diagnosis, [[The disease that is treated]])
* insert Supported(diagnosis.condition, [[The autoimmune disease]])
* insert Supported(patient, [[The patient]])
* insert Supported(managingOrganization, [[The treating centre]])
* insert Supported(period, [[From the decision to the last contact]])
