import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.airlift.slice.Slices;
import io.trino.spi.Page;
import io.trino.spi.PageBuilder;
import io.trino.spi.block.ArrayBlockBuilder;
import io.trino.spi.block.BlockBuilder;
import io.trino.spi.block.MapBlockBuilder;
import io.trino.spi.block.RowBlockBuilder;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.serde2.AbstractSerDe;
import org.apache.hadoop.hive.serde2.objectinspector.ListObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.MapObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.StructField;
import org.apache.hadoop.hive.serde2.objectinspector.StructObjectInspector;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapred.FileInputFormat;
import org.apache.hadoop.mapred.InputSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.RecordReader;
import org.apache.hadoop.mapred.Reporter;
import org.apache.hadoop.mapred.TextInputFormat;

/** The rows of the files in a folder, read by the input format and the SerDe that the table declares. */
final class LogFiles {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final GlueTable table;
  private final List<Type> types;
  private final AbstractSerDe serDe;
  private final StructObjectInspector inspector;

  LogFiles(GlueTable table) throws Exception {
    this.table = table;
    Map<String, Type> all = table.types();
    this.types = table.dataColumns.keySet().stream().map(all::get).toList();
    this.serDe = (AbstractSerDe) Class.forName(table.serDe()).getDeclaredConstructor().newInstance();
    Properties properties = table.serDeProperties();
    this.serDe.initialize(new Configuration(false), properties);
    this.inspector = (StructObjectInspector) serDe.getObjectInspector();
  }

  /** One page with the columns of the files, in the table's order. */
  Page read(Path folder) throws Exception {
    PageBuilder page = new PageBuilder(types);
    for (Text line : lines(folder)) {
      page.declarePosition();
      Object row = serDe.deserialize(line);
      List<? extends StructField> fields = inspector.getAllStructFieldRefs();
      for (int at = 0; at < types.size(); at++) {
        StructField field = fields.get(at);
        Object value = row == null ? null : inspector.getStructFieldData(row, field);
        write(types.get(at), page.getBlockBuilder(at), value, field.getFieldObjectInspector());
      }
    }
    return page.build();
  }

  private List<Text> lines(Path folder) throws Exception {
    if (table.inputFormat().equals("com.amazon.emr.cloudtrail.CloudTrailInputFormat")) {
      List<Text> lines = new ArrayList<>();
      for (Path file : filesIn(folder)) {
        lines.addAll(trailLines(file));
      }
      return lines;
    }
    return textLines(
      (TextInputFormat) Class.forName(table.inputFormat()).getDeclaredConstructor().newInstance(),
      folder
    );
  }

  /** By Hadoop's own input format, which unpacks what ends with .gz. */
  private static List<Text> textLines(TextInputFormat format, Path folder) throws IOException {
    JobConf job = new JobConf(false);
    job.set("fs.file.impl", "org.apache.hadoop.fs.LocalFileSystem");
    FileInputFormat.setInputPaths(job, new org.apache.hadoop.fs.Path(folder.toUri()));
    format.configure(job);
    List<Text> lines = new ArrayList<>();
    for (InputSplit split : format.getSplits(job, 1)) {
      try (RecordReader<LongWritable, Text> reader = format.getRecordReader(split, job, Reporter.NULL)) {
        for (Text line = reader.createValue(); reader.next(reader.createKey(), line); line = reader.createValue()) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  /**
   * Stands in for com.amazon.emr.cloudtrail.CloudTrailInputFormat, which Amazon does not publish: one line for each
   * record, with what the table declares as text as text, so that objects become JSON in a string.
   */
  private List<Text> trailLines(Path file) throws IOException {
    List<Text> lines = new ArrayList<>();
    try (
      InputStream bytes = Files.newInputStream(file);
      InputStream json = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes
    ) {
      for (JsonNode record : JSON.readTree(json).get("Records")) {
        ObjectNode line = JSON.createObjectNode();
        record.fields().forEachRemaining(field -> {
          JsonNode value = field.getValue();
          boolean isText = "string".equals(table.dataColumns.get(field.getKey().toLowerCase()));
          if (value.isNull() || value.isTextual() || !isText) {
            line.set(field.getKey(), value);
          } else {
            line.put(field.getKey(), value.isContainerNode() ? value.toString() : value.asText());
          }
        });
        lines.add(new Text(JSON.writeValueAsString(line)));
      }
    }
    return lines;
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void write(Type type, BlockBuilder block, Object value, ObjectInspector inspector) {
    if (value == null) {
      block.appendNull();
    } else if (type instanceof RowType row) {
      StructObjectInspector struct = (StructObjectInspector) inspector;
      ((RowBlockBuilder) block).buildEntry(fields -> {
        for (int at = 0; at < fields.size(); at++) {
          StructField field = struct.getAllStructFieldRefs().get(at);
          write(
            row.getTypeParameters().get(at),
            fields.get(at),
            struct.getStructFieldData(value, field),
            field.getFieldObjectInspector()
          );
        }
      });
    } else if (type instanceof ArrayType array) {
      ListObjectInspector list = (ListObjectInspector) inspector;
      ((ArrayBlockBuilder) block).buildEntry(elements -> {
        for (Object element : list.getList(value)) {
          write(array.getElementType(), elements, element, list.getListElementObjectInspector());
        }
      });
    } else if (type instanceof MapType map) {
      MapObjectInspector entries = (MapObjectInspector) inspector;
      ((MapBlockBuilder) block).buildEntry((keys, values) ->
        entries.getMap(value).forEach((key, item) -> {
          write(map.getKeyType(), keys, key, entries.getMapKeyObjectInspector());
          write(map.getValueType(), values, item, entries.getMapValueObjectInspector());
        })
      );
    } else if (type instanceof VarcharType) {
      type.writeSlice(
        block,
        Slices.utf8Slice(((PrimitiveObjectInspector) inspector).getPrimitiveJavaObject(value).toString())
      );
    } else {
      throw new IllegalArgumentException("no file of the audit has a column of type " + type);
    }
  }
}
