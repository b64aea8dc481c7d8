CodeSystem: CARTToxicityCriterionCS
Id: cart-toxicity-criterion-cs
Title: "Toxicity Criterion"
Description: "Criteria that enter the grade of CRS and ICANS."
* insert LocalCodes
* #hypotension-level "Hypotension" "Degree of hypotension and of its treatment."
* #hypoxia-level "Hypoxia" "Degree of hypoxia and of its treatment."
* #tocilizumab-given "Tocilizumab given" "Whether tocilizumab was given for the event."
* #steroid-given "Steroid given" "Whether a glucocorticoid was given for the event."
* #ice-score "ICE score" "Immune effector cell-associated encephalopathy score, 0 to 10."
* #capd-score "CAPD score" "Cornell Assessment of Pediatric Delirium, 0 to 32."
* #consciousness "Consciousness" "Level of consciousness."
* #seizure "Seizure" "Seizures."
* #motor-weakness "Deep focal motor weakness" "Whether there is deep focal motor weakness."
* #raised-icp "Raised intracranial pressure" "Signs of raised intracranial pressure or cerebral oedema."
