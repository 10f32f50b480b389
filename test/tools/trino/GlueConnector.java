import io.airlift.slice.Slices;
import io.trino.spi.Page;
import io.trino.spi.block.Block;
import io.trino.spi.block.RunLengthEncodedBlock;
import io.trino.spi.connector.ColumnHandle;
import io.trino.spi.connector.ColumnMetadata;
import io.trino.spi.connector.Connector;
import io.trino.spi.connector.ConnectorMetadata;
import io.trino.spi.connector.ConnectorPageSource;
import io.trino.spi.connector.ConnectorPageSourceProvider;
import io.trino.spi.connector.ConnectorSession;
import io.trino.spi.connector.ConnectorSplit;
import io.trino.spi.connector.ConnectorSplitManager;
import io.trino.spi.connector.ConnectorSplitSource;
import io.trino.spi.connector.ConnectorTableHandle;
import io.trino.spi.connector.ConnectorTableMetadata;
import io.trino.spi.connector.ConnectorTransactionHandle;
import io.trino.spi.connector.ConnectorViewDefinition;
import io.trino.spi.connector.Constraint;
import io.trino.spi.connector.ConstraintApplicationResult;
import io.trino.spi.connector.DynamicFilter;
import io.trino.spi.connector.FixedPageSource;
import io.trino.spi.connector.FixedSplitSource;
import io.trino.spi.connector.SchemaTableName;
import io.trino.spi.connector.SchemaTablePrefix;
import io.trino.spi.predicate.Domain;
import io.trino.spi.predicate.NullableValue;
import io.trino.spi.transaction.IsolationLevel;
import io.trino.spi.type.Type;
import io.trino.spi.type.VarcharType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A Glue database for Trino: its views are Trino's own, its tables are files below a folder for each bucket, found by
 * partition as the template's projection describes them.
 */
final class GlueConnector implements Connector {

  private enum Transaction implements ConnectorTransactionHandle {
    INSTANCE,
  }

  private record Column(String name, Type type, int index) implements ColumnHandle {}

  private record Table(String name, List<Partition> partitions) implements ConnectorTableHandle {}

  private record Split(String table, Partition partition) implements ConnectorSplit {
    @Override
    public Object getInfo() {
      return partition;
    }
  }

  private static final int ROWS_AT_ONCE = 500;

  private final GlueDatabase database;

  GlueConnector(GlueDatabase database) {
    this.database = database;
  }

  @Override
  public ConnectorTransactionHandle beginTransaction(
    IsolationLevel isolationLevel,
    boolean readOnly,
    boolean autoCommit
  ) {
    return Transaction.INSTANCE;
  }

  @Override
  public ConnectorMetadata getMetadata(ConnectorSession session, ConnectorTransactionHandle transaction) {
    return new Metadata();
  }

  @Override
  public ConnectorSplitManager getSplitManager() {
    return new ConnectorSplitManager() {
      @Override
      public ConnectorSplitSource getSplits(
        ConnectorTransactionHandle transaction,
        ConnectorSession session,
        ConnectorTableHandle table,
        DynamicFilter filter,
        Constraint constraint
      ) {
        Table read = (Table) table;
        return new FixedSplitSource(
          read
            .partitions()
            .stream()
            .map(partition -> new Split(read.name(), partition))
            .toList()
        );
      }
    };
  }

  @Override
  public ConnectorPageSourceProvider getPageSourceProvider() {
    return new ConnectorPageSourceProvider() {
      @Override
      public ConnectorPageSource createPageSource(
        ConnectorTransactionHandle transaction,
        ConnectorSession session,
        ConnectorSplit split,
        ConnectorTableHandle table,
        List<ColumnHandle> columns,
        DynamicFilter filter
      ) {
        Partition partition = ((Split) split).partition();
        GlueTable read = database.table(((Split) split).table());
        Page page = database.read(read, partition);
        Block[] blocks = columns
          .stream()
          .map(Column.class::cast)
          .map(column -> {
            String value = partition.values().get(column.name());
            return value == null ? page.getBlock(column.index()) : constant(value, page.getPositionCount());
          })
          .toArray(Block[]::new);
        return new FixedPageSource(parts(new Page(page.getPositionCount(), blocks)), 0);
      }
    };
  }

  /** Copies of a few rows at a time: a query counts the whole page as its memory for every scan that holds a part. */
  private static Iterator<Page> parts(Page page) {
    return IntStream
      .iterate(0, start -> start < page.getPositionCount(), start -> start + ROWS_AT_ONCE)
      .mapToObj(start -> copy(page, start, Math.min(ROWS_AT_ONCE, page.getPositionCount() - start)))
      .iterator();
  }

  private static Page copy(Page page, int start, int count) {
    Block[] blocks = IntStream
      .range(0, page.getChannelCount())
      .mapToObj(channel -> page.getBlock(channel).copyRegion(start, count))
      .toArray(Block[]::new);
    return new Page(count, blocks);
  }

  private static Block constant(String value, int count) {
    return RunLengthEncodedBlock.create(VarcharType.VARCHAR, Slices.utf8Slice(value), count);
  }

  private final class Metadata implements ConnectorMetadata {

    @Override
    public List<String> listSchemaNames(ConnectorSession session) {
      return List.of(database.name());
    }

    @Override
    public Table getTableHandle(ConnectorSession session, SchemaTableName name) {
      return Optional.ofNullable(tableOf(name))
        .filter(table -> !table.isView())
        .map(table -> new Table(table.name, database.partitions(table)))
        .orElse(null);
    }

    @Override
    public ConnectorTableMetadata getTableMetadata(ConnectorSession session, ConnectorTableHandle handle) {
      String name = ((Table) handle).name();
      List<ColumnMetadata> columns = new ArrayList<>();
      database
        .table(name)
        .types()
        .forEach((column, type) -> columns.add(new ColumnMetadata(column, type)));
      return new ConnectorTableMetadata(new SchemaTableName(database.name(), name), columns);
    }

    @Override
    public Map<String, ColumnHandle> getColumnHandles(ConnectorSession session, ConnectorTableHandle handle) {
      Map<String, ColumnHandle> columns = new HashMap<>();
      database
        .table(((Table) handle).name())
        .types()
        .forEach((name, type) -> columns.put(name, new Column(name, type, columns.size())));
      return columns;
    }

    @Override
    public ColumnMetadata getColumnMetadata(
      ConnectorSession session,
      ConnectorTableHandle handle,
      ColumnHandle column
    ) {
      return new ColumnMetadata(((Column) column).name(), ((Column) column).type());
    }

    @Override
    public List<SchemaTableName> listViews(ConnectorSession session, Optional<String> schema) {
      return database
        .tables()
        .stream()
        .filter(GlueTable::isView)
        .map(view -> new SchemaTableName(database.name(), view.name))
        .toList();
    }

    @Override
    public Map<SchemaTableName, ConnectorViewDefinition> getViews(ConnectorSession session, Optional<String> schema) {
      Map<SchemaTableName, ConnectorViewDefinition> views = new HashMap<>();
      listViews(session, schema).forEach(name -> views.put(name, database.table(name.getTableName()).view()));
      return views;
    }

    @Override
    public Optional<ConnectorViewDefinition> getView(ConnectorSession session, SchemaTableName name) {
      return Optional.ofNullable(tableOf(name)).filter(GlueTable::isView).map(GlueTable::view);
    }

    @Override
    public Map<SchemaTableName, List<ColumnMetadata>> listTableColumns(
      ConnectorSession session,
      SchemaTablePrefix prefix
    ) {
      return Map.of();
    }

    /** Leaves out partitions that cannot hold an answer, one by one, as the Hive connector does. */
    @Override
    public Optional<ConstraintApplicationResult<ConnectorTableHandle>> applyFilter(
      ConnectorSession session,
      ConnectorTableHandle handle,
      Constraint constraint
    ) {
      Table table = (Table) handle;
      Map<String, ColumnHandle> columns = getColumnHandles(session, handle);
      List<Partition> left = table
        .partitions()
        .stream()
        .filter(partition -> mayMatch(partition, columns, constraint))
        .toList();
      return left.size() == table.partitions().size()
        ? Optional.empty()
        : Optional.of(new ConstraintApplicationResult<>(new Table(table.name(), left), constraint.getSummary(), false));
    }

    private static boolean mayMatch(Partition partition, Map<String, ColumnHandle> columns, Constraint constraint) {
      Map<ColumnHandle, NullableValue> values = new HashMap<>();
      partition
        .values()
        .forEach((key, value) ->
          values.put(columns.get(key), NullableValue.of(VarcharType.VARCHAR, Slices.utf8Slice(value)))
        );
      Map<ColumnHandle, Domain> domains = constraint.getSummary().getDomains().orElse(null);
      return (
        domains != null &&
        values
          .entrySet()
          .stream()
          .allMatch(
            entry ->
              !domains.containsKey(entry.getKey()) ||
              domains.get(entry.getKey()).includesNullableValue(entry.getValue().getValue())
          ) &&
        constraint
          .predicate()
          .map(predicate -> predicate.test(values))
          .orElse(true)
      );
    }

    private GlueTable tableOf(SchemaTableName name) {
      return name.getSchemaName().equals(database.name()) ? database.table(name.getTableName()) : null;
    }
  }
}
