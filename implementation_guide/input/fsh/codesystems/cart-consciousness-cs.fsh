CodeSystem: CARTConsciousnessCS
Id: cart-consciousness-cs
Title: "Consciousness"
Description: "Levels of consciousness in ICANS."
* insert LocalCodes
* #alert "Alert" "Consciousness is not depressed."
* #awakens-spontaneously "Awakens spontaneously" "Depressed, awakens spontaneously (grade 1)."
* #awakens-to-voice "Awakens to voice" "Depressed, awakens to voice (grade 2)."
* #awakens-to-tactile "Awakens to touch" "Depressed, awakens only to tactile stimulus (grade 3)."
* #unarousable "Unarousable" "Unarousable, or needs vigorous or repetitive stimuli (grade 4)."
