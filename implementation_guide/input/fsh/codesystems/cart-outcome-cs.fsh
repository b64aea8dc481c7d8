CodeSystem: CARTOutcomeCS
Id: cart-outcome-cs
Title: "Outcome Observation"
Description: "What is observed of outcome and follow-up."
* insert LocalCodes
* #response-assessment "Response assessment" "Response of the disease by stated criteria."
* #organ-outcome "Organ outcome" "Outcome of one organ involvement."
* #drug-free-remission "Drug-free remission" "Whether the disease is inactive without glucocorticoid, immunosuppressant and biologic."
* #follow-up-duration "Duration of follow-up" "Months from the infusion to the last contact."
* #relapse "Relapse" "Whether the disease has come back."
* #time-to-relapse "Time to relapse" "Months from the infusion to the relapse."
* #vein-to-vein-time "Vein-to-vein time" "Days from leukapheresis to infusion."
* #bridging-therapy-given "Bridging therapy given" "Whether bridging therapy was given."
* #ist-discontinued "Immunosuppression discontinued" "When immunosuppressive treatment was discontinued."
* #prednisone-equivalent-dose "Prednisone-equivalent dose" "Daily dose of glucocorticoid as prednisone."
* #b-cell-aplasia "B-cell aplasia" "Whether B cells are absent, by the threshold of the laboratory."
* #b-cell-reconstitution "B-cell reconstitution" "When B cells were detected again."
* #vaccine-titre-preserved "Vaccine titre preserved" "Whether protective titres were kept."
* #background-intensity "Intensity of background therapy" "Intensity of immunosuppressive background therapy at a time point."
