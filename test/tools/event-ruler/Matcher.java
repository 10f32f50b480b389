import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import software.amazon.event.ruler.Machine;

/**
 * Answers, line by line, whether an event matches a pattern as EventBridge would say.
 *
 * In: {"pattern": {…}, "event": {…}}. Out: {"matches": true}, or {"error": "…"} for a pattern that EventBridge would refuse.
 */
public final class Matcher {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
    }
  }

  private static Map<String, Object> answer(JsonNode question) {
    try {
      Machine machine = new Machine();
      machine.addRule("rule", JSON.writeValueAsString(question.get("pattern")));
      List<String> matching = machine.rulesForJSONEvent(JSON.writeValueAsString(question.get("event")));
      return Map.of("matches", matching.contains("rule"));
    } catch (Exception refused) {
      return Map.of("error", String.valueOf(refused.getMessage()));
    }
  }
}
