Invariant: cart-adm-4
Description: "An autologous product SHALL come from the patient who receives it."
Severity: #error
Expression: "supportingInformation.where(type = 'BiologicallyDerivedProduct').resolve().where(extension('https://w3id.org/cart-fhir/StructureDefinition/cart-donor-type').value.coding.where(code = 'autologous').exists()).collection.source.reference.exists() implies (supportingInformation.where(type = 'BiologicallyDerivedProduct').resolve().where(extension('https://w3id.org/cart-fhir/StructureDefinition/cart-donor-type').value.coding.where(code = 'autologous').exists()).collection.source.reference | subject.reference).select(replaceMatches('/_history/.*$', '').replaceMatches('^.*/', '')).distinct().count() = 1"
