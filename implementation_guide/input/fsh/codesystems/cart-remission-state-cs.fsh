CodeSystem: CARTRemissionStateCS
Id: cart-remission-state-cs
Title: "Remission State"
Description: "Definitions of remission and low disease activity, and what belongs to them."
* insert LocalCodes
* #doris-2021 "DORIS 2021 remission" "Remission of lupus by the definition of 2021: clinical SLEDAI 0, global assessment below 0.5, prednisone not above 5 mg a day, stable background therapy."
* #lldas "LLDAS" "Lupus low disease activity state: SLEDAI-2K not above 4 without activity in a major organ, haemolytic anaemia, gastrointestinal or new activity, global assessment not above 1 (0 to 3), prednisone not above 7.5 mg a day, tolerated maintenance therapy."
* #drug-free-remission "Drug-free remission" "Inactive disease without glucocorticoid, immunosuppressant and biologic; whether an antimalarial was allowed is stated beside it."
* #off-steroids-since "Off steroids since" "Date since which no glucocorticoid is taken."
* #off-immunosuppressants-since "Off immunosuppressants since" "Date since which no immunosuppressant is taken."
* #antimalarial-allowed "Antimalarial allowed" "Whether an antimalarial was allowed in drug-free remission."
