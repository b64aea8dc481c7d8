CodeSystem: CARTOutcomeCS
Id: cart-outcome-cs
Title: "Outcome Observation"
Description: "What is observed of outcome and follow-up."
* insert LocalCodes
* #response-assessment "Response assessment" "Response of the disease by stated criteria."
* #organ-outcome "Organ outcome" "Outcome of one organ involvement."
* #follow-up-duration "Duration of follow-up" "Months from the infusion to the last contact."
* #relapse "Relapse" "Whether the disease has come back."
* #time-to-relapse "Time to relapse" "Months from the infusion to the relapse."
* #vein-to-vein-time "Vein-to-vein time" "Days from leukapheresis to infusion."
* #bridging-therapy-given "Bridging therapy given" "Whether bridging therapy was given."
* #ist-discontinued "Immunosuppression discontinued" "When immunosuppressive treatment was discontinued."
* #prednisone-equivalent-dose "Prednisone-equivalent dose" "Daily dose of glucocorticoid as prednisone."
* #renal-biopsy "Renal biopsy" "Histology of a renal biopsy."
* #nih-activity-index "NIH activity index" "Activity index of a renal biopsy in lupus nephritis."
* #nih-chronicity-index "NIH chronicity index" "Chronicity index of a renal biopsy in lupus nephritis."
* #cause-of-death "Cause of death" "Cause of death."
* #background-intensity "Intensity of background therapy" "Intensity of immunosuppressive background therapy at a time point."
