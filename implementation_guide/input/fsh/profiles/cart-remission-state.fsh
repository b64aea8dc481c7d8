Profile: CARTRemissionState
Parent: Observation
Id: cart-remission-state
Title: "CAR-T Remission State"
Description: "Whether a definition of remission or low disease activity is met: DORIS 2021, LLDAS, drug-free remission. What was checked stands in derivedFrom: the score, the global assessment, the daily dose of glucocorticoid."
* insert StudyDay
* insert Visit
* insert Category(survey)
* code from CARTRemissionStateVS (required)
* value[x] only boolean
* insert ByCode
* component contains offSteroidsSince 0..1 and offImmunosuppressantsSince 0..1 and antimalarialAllowed 0..1
* component[offSteroidsSince].code = CARTRemissionStateCS#off-steroids-since
* component[offSteroidsSince].value[x] only dateTime
* component[offImmunosuppressantsSince].code = CARTRemissionStateCS#off-immunosuppressants-since
* component[offImmunosuppressantsSince].value[x] only dateTime
* component[antimalarialAllowed].code = CARTRemissionStateCS#antimalarial-allowed
* component[antimalarialAllowed].value[x] only boolean
* insert PatientAndTime
* insert Supported(code, [[Which definition]])
* insert Supported(value[x], [[Met or not]])
* insert Supported(derivedFrom, [[What was checked]])
* insert Supported(component[offSteroidsSince], [[Without glucocorticoid since]])
* insert Supported(component[offImmunosuppressantsSince], [[Without immunosuppressant since]])
* insert Supported(component[antimalarialAllowed], [[Whether an antimalarial was allowed]])
* obeys cart-day-1 and cart-obs-1
