import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.Session;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorContext;
import io.trino.spi.connector.ConnectorFactory;
import io.trino.spi.type.SqlTimestamp;
import io.trino.spi.type.TimeZoneKey;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Runs Athena's SQL on Trino, in this process, over log files on disk. One JSON request a line, one JSON answer a line:
 *
 * {"open": {"name", "tables", "buckets"}}
 *   → {"answer": null}: what GlueDatabase.open takes
 * {"query": {"sql", "parameters"}}
 *   → {"answer": {"columns": [[name, type], …], "rows": [[…], …], "partitions": [{…}, …]}}
 */
public final class AthenaStandIn {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CATALOG = "awsdatacatalog";
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

  private final GlueDatabase database = new GlueDatabase();
  private final LocalQueryRunner trino;

  private AthenaStandIn() {
    trino = LocalQueryRunner.create(session().build());
    trino.createCatalog(
      CATALOG,
      new ConnectorFactory() {
        @Override
        public String getName() {
          return "glue";
        }

        @Override
        public Connector create(String catalog, Map<String, String> configuration, ConnectorContext context) {
          return new GlueConnector(database);
        }
      },
      Map.of()
    );
  }

  public static void main(String[] args) throws Exception {
    PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    // Whatever libraries print must not get between the answers.
    System.setOut(System.err);
    AthenaStandIn athena = new AthenaStandIn();
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      answers.println(JSON.writeValueAsString(athena.answer(JSON.readTree(line))));
    }
    Runtime.getRuntime().halt(0);
  }

  private Map<String, Object> answer(JsonNode request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      if (request.has("open")) {
        database.open(request.get("open"));
        answer.put("answer", null);
      } else {
        answer.put("answer", query(request.get("query")));
      }
    } catch (Exception | LinkageError failure) {
      answer.put("error", failure.getClass().getSimpleName() + ": " + failure.getMessage());
      failure.printStackTrace();
    }
    return answer;
  }

  private Map<String, Object> query(JsonNode query) {
    String sql = query.get("sql").asText();
    Session session = session().setSchema(database.name()).addPreparedStatement("query", sql).build();
    StringJoiner values = new StringJoiner(", ", " USING ", "").setEmptyValue("");
    query.get("parameters").forEach(value -> values.add("'" + value.asText().replace("'", "''") + "'"));
    database.partitionsRead();
    MaterializedResult result = trino.execute(session, "EXECUTE query" + values);
    List<List<String>> columns = new ArrayList<>();
    for (int at = 0; at < result.getTypes().size(); at++) {
      columns.add(List.of(result.getColumnNames().get(at), result.getTypes().get(at).getDisplayName()));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (MaterializedRow row : result.getMaterializedRows()) {
      rows.add(
        row.getFields().stream().map(AthenaStandIn::plain).collect(ArrayList::new, ArrayList::add, ArrayList::addAll)
      );
    }
    return Map.of("columns", columns, "rows", rows, "partitions", database.partitionsRead());
  }

  /** Times as Python writes them, which the answers of DuckDB come from. */
  private static Object plain(Object value) {
    if (value instanceof java.time.LocalDateTime time) {
      return time.format(time.getNano() == 0 ? SECONDS : MICROSECONDS);
    }
    if (value instanceof SqlTimestamp time) {
      return plain(time.toLocalDateTime());
    }
    if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException("no query answers with " + value.getClass().getName() + ": " + value);
  }

  private static Session.SessionBuilder session() {
    return TestingSession
      .testSessionBuilder()
      .setCatalog(CATALOG)
      .setTimeZoneKey(TimeZoneKey.UTC_KEY)
      // The memory of a query has a fixed limit in tests, and each operator would wait for half a megabyte of rows.
      .setSystemProperty("filter_and_project_min_output_page_size", "0B")
      .setSystemProperty("filter_and_project_min_output_page_row_count", "0");
  }
}
