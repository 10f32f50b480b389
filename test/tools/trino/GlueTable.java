import com.fasterxml.jackson.databind.JsonNode;
import io.airlift.json.JsonCodec;
import io.airlift.json.JsonCodecFactory;
import io.trino.spi.connector.ConnectorViewDefinition;
import io.trino.spi.type.ArrayType;
import io.trino.spi.type.BigintType;
import io.trino.spi.type.BooleanType;
import io.trino.spi.type.DoubleType;
import io.trino.spi.type.MapType;
import io.trino.spi.type.RowType;
import io.trino.spi.type.TimestampType;
import io.trino.spi.type.Type;
import io.trino.spi.type.TypeOperators;
import io.trino.spi.type.VarcharType;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.hadoop.hive.serde2.typeinfo.ListTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.MapTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.StructTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;

/** A table or view as the template declares it: the TableInput of an AWS::Glue::Table, with references resolved. */
final class GlueTable {

  private static final String VIEW_PREFIX = "/* Presto View: ";
  private static final String VIEW_SUFFIX = " */";
  private static final JsonCodec<ConnectorViewDefinition> VIEWS = new JsonCodecFactory().jsonCodec(
    ConnectorViewDefinition.class
  );

  private static final TypeOperators TYPE_OPERATORS = new TypeOperators();

  final String name;
  final JsonNode input;
  /** Glue's types of the columns in the files, by name. */
  final Map<String, String> dataColumns = new LinkedHashMap<>();
  final List<String> partitionKeys = new ArrayList<>();

  GlueTable(JsonNode input) {
    this.name = input.get("Name").asText();
    this.input = input;
    input
      .get("StorageDescriptor")
      .get("Columns")
      .forEach(column -> dataColumns.put(column.get("Name").asText(), column.get("Type").asText()));
    input.get("PartitionKeys").forEach(key -> partitionKeys.add(key.get("Name").asText()));
  }

  boolean isView() {
    return input.get("TableType").asText().equals("VIRTUAL_VIEW");
  }

  /** Decoded as Trino's Hive connector does, whose own class needs artifacts that are not on Maven Central. */
  ConnectorViewDefinition view() {
    String text = input.get("ViewOriginalText").asText();
    if (!text.startsWith(VIEW_PREFIX) || !text.endsWith(VIEW_SUFFIX)) {
      throw new IllegalArgumentException(
        "the text of the view " + name + " is not between \"" + VIEW_PREFIX + "\" and \"" + VIEW_SUFFIX + "\""
      );
    }
    byte[] json = Base64.getDecoder().decode(
      text.substring(VIEW_PREFIX.length(), text.length() - VIEW_SUFFIX.length())
    );
    ConnectorViewDefinition view = VIEWS.fromJson(json);
    // Athena reads what is under a view in the name of the caller, and knows no owner.
    return new ConnectorViewDefinition(
      view.getOriginalSql(),
      view.getCatalog(),
      view.getSchema(),
      view.getColumns(),
      view.getComment(),
      Optional.empty(),
      true,
      view.getPath()
    );
  }

  /** Types of all columns, those of the partitions last. */
  Map<String, Type> types() {
    Map<String, Type> types = new LinkedHashMap<>();
    dataColumns.forEach((column, type) -> types.put(column, trinoType(TypeInfoUtils.getTypeInfoFromTypeString(type))));
    partitionKeys.forEach(key -> types.put(key, VarcharType.VARCHAR));
    return types;
  }

  String inputFormat() {
    return input.get("StorageDescriptor").get("InputFormat").asText();
  }

  String serDe() {
    return input.get("StorageDescriptor").get("SerdeInfo").get("SerializationLibrary").asText();
  }

  /** What Hive hands to a SerDe. */
  Properties serDeProperties() {
    Properties properties = new Properties();
    properties.setProperty("columns", String.join(",", dataColumns.keySet()));
    properties.setProperty("columns.types", String.join(":", dataColumns.values()));
    properties.setProperty("columns.comments", "\0".repeat(dataColumns.size() - 1));
    JsonNode parameters = input.get("StorageDescriptor").get("SerdeInfo").get("Parameters");
    if (parameters != null) {
      parameters.fields().forEachRemaining(entry -> properties.setProperty(entry.getKey(), entry.getValue().asText()));
    }
    return properties;
  }

  String parameter(String parameter) {
    JsonNode value = input.get("Parameters").get(parameter);
    return value == null ? null : value.asText();
  }

  private static Type trinoType(TypeInfo type) {
    if (type instanceof StructTypeInfo struct) {
      List<RowType.Field> fields = new ArrayList<>();
      for (int at = 0; at < struct.getAllStructFieldNames().size(); at++) {
        fields.add(
          RowType.field(struct.getAllStructFieldNames().get(at), trinoType(struct.getAllStructFieldTypeInfos().get(at)))
        );
      }
      return RowType.from(fields);
    }
    if (type instanceof ListTypeInfo list) {
      return new ArrayType(trinoType(list.getListElementTypeInfo()));
    }
    if (type instanceof MapTypeInfo map) {
      return new MapType(trinoType(map.getMapKeyTypeInfo()), trinoType(map.getMapValueTypeInfo()), TYPE_OPERATORS);
    }
    return switch (type.getTypeName()) {
      case "string" -> VarcharType.VARCHAR;
      case "bigint" -> BigintType.BIGINT;
      case "boolean" -> BooleanType.BOOLEAN;
      case "double" -> DoubleType.DOUBLE;
      case "timestamp" -> TimestampType.TIMESTAMP_MILLIS;
      default -> throw new IllegalArgumentException("no Trino type is known for Glue's type " + type.getTypeName());
    };
  }
}
