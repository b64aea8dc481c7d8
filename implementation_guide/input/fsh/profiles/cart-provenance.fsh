Profile: CARTProvenance
Parent: Provenance
Id: cart-provenance
Title: "CAR-T Provenance"
Description: "Where resources come from: one for each source file, with its checksum, and who turned it into FHIR."
* insert Supported(target, [[The resources that came from the source]])
* insert Supported(recorded, [[When they were made]])
* insert Supported(activity, [[What was done]])
* insert Supported(agent, [[Who did it]])
* insert Supported(agent.type, [[In which role]])
* insert Supported(agent.who, [[The organization, person or software]])
* insert Supported(entity, [[The source]])
* insert Supported(entity.role, [[Source]])
* insert Supported(entity.what, [[The file: name, and its checksum as identifier]])
