import java.nio.file.Path;
import java.util.Map;

/** A folder of files, and the values that its path stands for. */
record Partition(Path folder, Map<String, String> values) {}
