package cartfhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.NpmPackageValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/**
 * Validates FHIR JSON files with the reference implementation, offline.
 *
 * <p>Arguments: the FHIR package with the definitions (the name of a .tgz on the class path, which is where HAPI loads packages from), then folders of files
 * to validate. One tab-separated line per finding: file, severity, location, message; before them one line of severity "loaded" for each definition that
 * HAPI took from the package. Exit status 0 whatever is found: the caller judges.
 */
public final class Oracle {

  private Oracle() {}

  public static void main(String[] arguments) throws IOException {
    FhirContext context = FhirContext.forR4();
    NpmPackageValidationSupport ours = new NpmPackageValidationSupport(context);
    ours.loadPackageFromClasspath("classpath:" + arguments[0]);
    for (IBaseResource loaded : ours.fetchAllConformanceResources()) {
      String url = context.newTerser().getSinglePrimitiveValueOrNull(loaded, "url");
      System.out.println(String.join("\t", arguments[0], "loaded", context.getResourceType(loaded), url));
    }
    FhirValidator validator = validator(context, ours);
    for (int i = 1; i < arguments.length; i++) {
      for (Path file : jsonFiles(Path.of(arguments[i]))) {
        report(validator, file);
      }
    }
  }

  private static FhirValidator validator(FhirContext context, NpmPackageValidationSupport ours) {
    UnknownCodeSystemWarningValidationSupport unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(
        ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity.INFORMATION);
    ValidationSupportChain chain =
        new ValidationSupportChain(
            ours,
            new DefaultProfileValidationSupport(context),
            new CommonCodeSystemsTerminologyService(context),
            new InMemoryTerminologyServerValidationSupport(context),
            new SnapshotGeneratingValidationSupport(context),
            unknown);
    FhirInstanceValidator instance = new FhirInstanceValidator(chain);
    instance.setErrorForUnknownProfiles(true);
    instance.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    return context.newValidator().registerValidatorModule(instance);
  }

  private static void report(FhirValidator validator, Path file) throws IOException {
    for (SingleValidationMessage message : validator.validateWithResult(Files.readString(file)).getMessages()) {
      if (message.getSeverity() == ResultSeverityEnum.INFORMATION) {
        continue;
      }
      String text = message.getMessage().replaceAll("\\s+", " ");
      System.out.println(String.join("\t", file.getFileName().toString(), message.getSeverity().getCode(), String.valueOf(message.getLocationString()), text));
    }
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.getFileName().toString().equals("package.json") && !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }
}
