import com.sun.management.OperatingSystemMXBean;
import io.github.linuxforhealth.hl7.ConverterOptions;
import io.github.linuxforhealth.hl7.HL7ToFHIRConverter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Peer MESSAGES.hl7 [ROUNDS]: converts every message, first to warm up, then ROUNDS times by the clock of the processor.
 * Prints a line each: what is refused by message type, then messages and entries a second.
 */
public class Peer {
    private static final OperatingSystemMXBean SYSTEM =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] arguments) throws Exception {
        List<String> messages = messages(Files.readString(Path.of(arguments[0])));
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        HL7ToFHIRConverter converter = new HL7ToFHIRConverter();
        ConverterOptions options = new ConverterOptions.Builder().build();
        TreeMap<String, Integer> refused = new TreeMap<>();
        List<String> taken = new ArrayList<>();
        for (String message : messages) {
            try {
                converter.convert(message, options);
                taken.add(message);
            } catch (Exception | Error problem) {
                refused.merge(message.split("\\|", 10)[8] + " refused (" + problem.getClass().getSimpleName() + ")", 1, Integer::sum);
            }
        }
        refused.forEach((what, times) -> System.out.printf("%d messages %s%n", times, what));
        long entries = 0;
        long start = SYSTEM.getProcessCpuTime();
        for (int round = 0; round < rounds; round++) {
            for (String message : taken) {
                entries += converter.convert(message, options).split("\"fullUrl\"", -1).length - 1;
            }
        }
        double seconds = (SYSTEM.getProcessCpuTime() - start) / 1e9;
        System.out.printf("%d messages taken, %.0f messages/s, %.0f resources/s%n",
            taken.size(), rounds * taken.size() / seconds, entries / seconds);
    }

    private static List<String> messages(String text) {
        List<String> found = new ArrayList<>();
        for (String part : text.replace("\r\n", "\r").replace("\n", "\r").split("(?=MSH\\|)")) {
            if (part.startsWith("MSH|")) {
                found.add(part);
            }
        }
        return found;
    }
}
