CodeSystem: CARTConditionKindCS
Id: cart-condition-kind-cs
Title: "Condition Kind"
Description: "What a condition is in the journey."
* insert LocalCodes
* #organ-involvement "Organ involvement" "Involvement of an organ by the autoimmune disease, or damage of it."
* #comorbidity "Comorbidity" "A condition beside the autoimmune disease."
