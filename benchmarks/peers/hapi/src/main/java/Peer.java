import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CachingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** Peer DEFINITIONS RESOURCES.ndjson: prints "cold SECONDS" for the first resource, then "warm RESOURCES_PER_SECOND". */
public class Peer {
    public static void main(String[] arguments) throws Exception {
        long start = System.nanoTime();
        FhirContext context = FhirContext.forR4();
        PrePopulatedValidationSupport guide = new PrePopulatedValidationSupport(context);
        try (var files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("StructureDefinition") || name.startsWith("ValueSet") || name.startsWith("CodeSystem")) {
                    guide.addResource((IBaseResource) context.newJsonParser().parseResource(Files.readString(file)));
                }
            }
        }
        ValidationSupportChain chain = new ValidationSupportChain(
            new DefaultProfileValidationSupport(context), guide, new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context), new SnapshotGeneratingValidationSupport(context));
        FhirValidator validator = context.newValidator();
        validator.registerValidatorModule(new FhirInstanceValidator(new CachingValidationSupport(chain)));
        List<String> lines = Files.readAllLines(Path.of(arguments[1]));
        validator.validateWithResult(lines.get(0));
        System.out.printf("cold %.2f%n", (System.nanoTime() - start) / 1e9);
        for (String line : lines.subList(0, Math.min(100, lines.size()))) validator.validateWithResult(line);
        int errors = 0;
        start = System.nanoTime();
        for (String line : lines) if (!validator.validateWithResult(line).isSuccessful()) errors++;
        System.out.printf("warm %.1f%nwrong %d%n", lines.size() / ((System.nanoTime() - start) / 1e9), errors);
    }
}
