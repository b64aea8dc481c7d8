CodeSystem: CARTLicatsOnsetCS
Id: cart-licats-onset-cs
Title: "LICATS Onset"
Description: "Windows of onset of local toxicity."
* insert LocalCodes
* #early "Early" "Within two weeks of the infusion."
* #intermediate "Intermediate" "From two weeks to one month."
* #late "Late" "After one month."
