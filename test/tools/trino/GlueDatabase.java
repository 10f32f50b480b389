import com.fasterxml.jackson.databind.JsonNode;
import io.trino.spi.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The tables and views of a template, and the folders that stand for its buckets. Each file is read once. */
final class GlueDatabase {

  private volatile String name = "none";
  private final Map<String, GlueTable> tables = new LinkedHashMap<>();
  private final Map<String, Path> buckets = new HashMap<>();
  private final Map<Partition, Page> pages = new ConcurrentHashMap<>();
  private final Map<String, List<Partition>> partitions = new ConcurrentHashMap<>();
  private final Set<Partition> read = ConcurrentHashMap.newKeySet();

  /** Takes another database: {"name", "tables": [TableInput, …], "buckets": {name: folder}}. */
  synchronized void open(JsonNode definition) {
    tables.clear();
    buckets.clear();
    pages.clear();
    partitions.clear();
    name = definition.get("name").asText();
    definition.get("tables").forEach(input -> tables.put(input.get("Name").asText(), new GlueTable(input)));
    definition
      .get("buckets")
      .fields()
      .forEachRemaining(bucket -> buckets.put(bucket.getKey(), Path.of(bucket.getValue().asText())));
  }

  String name() {
    return name;
  }

  Collection<GlueTable> tables() {
    return tables.values();
  }

  GlueTable table(String table) {
    return tables.get(table);
  }

  /** The partitions read since this was last asked. */
  List<Map<String, String>> partitionsRead() {
    List<Map<String, String>> values = read.stream().map(Partition::values).toList();
    read.clear();
    return values;
  }

  Page read(GlueTable table, Partition partition) {
    read.add(partition);
    return pages.computeIfAbsent(partition, wanted -> {
      try {
        return new LogFiles(table).read(wanted.folder());
      } catch (Exception failure) {
        throw new IllegalStateException(
          "cannot read " + wanted.folder() + " as " + table.name + ": " + failure,
          failure
        );
      }
    });
  }

  /** Every folder that the template of locations leads to. Days are those that have files, not those until today. */
  List<Partition> partitions(GlueTable table) {
    return partitions.computeIfAbsent(table.name, wanted -> {
      String template = table.parameter("storage.location.template");
      String bucket = template.replaceFirst("^s3://([^/]+)/.*$", "$1");
      if (!buckets.containsKey(bucket)) {
        throw new IllegalArgumentException(table.name + " is in the bucket " + bucket + ", which has no folder here");
      }
      List<Map<String, String>> combinations = List.of(Map.of());
      for (String key : table.partitionKeys) {
        combinations = combinations
          .stream()
          .flatMap(known ->
            values(table, key, buckets.get(bucket), template, known)
              .stream()
              .map(value -> {
                Map<String, String> more = new LinkedHashMap<>(known);
                more.put(key, value);
                return more;
              })
          )
          .toList();
      }
      return combinations
        .stream()
        .map(values -> new Partition(folder(buckets.get(bucket), template, values), values))
        .filter(partition -> Files.isDirectory(partition.folder()))
        .toList();
    });
  }

  private static Path folder(Path bucket, String template, Map<String, String> values) {
    String path = template.replaceFirst("^s3://[^/]+/", "");
    for (Map.Entry<String, String> value : values.entrySet()) {
      path = path.replace("${" + value.getKey() + "}", value.getValue());
    }
    return bucket.resolve(path);
  }

  private static Collection<String> values(
    GlueTable table,
    String key,
    Path bucket,
    String template,
    Map<String, String> known
  ) {
    String type = table.parameter("projection." + key + ".type");
    if (type.equals("enum")) {
      return List.of(table.parameter("projection." + key + ".values").split(","));
    }
    String format = table.parameter("projection." + key + ".format");
    if (!type.equals("date") || !format.equals("yyyy/MM/dd")) {
      throw new IllegalArgumentException(
        "projection." + key + " is " + type + " " + format + ", which is not known here"
      );
    }
    Path above = folder(bucket, template.substring(0, template.indexOf("${" + key + "}")), known);
    return subfolders(above, 3)
      .stream()
      .map(day -> above.relativize(day).toString())
      .filter(day -> day.matches("\\d{4}/\\d\\d/\\d\\d"))
      .toList();
  }

  private static List<Path> subfolders(Path folder, int depth) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder, depth)) {
      paths.filter(Files::isDirectory).sorted().forEach(found::add);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return found;
  }
}
