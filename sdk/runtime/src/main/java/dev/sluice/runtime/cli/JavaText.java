package dev.sluice.runtime.cli;

import dev.sluice.model.Column;
import dev.sluice.model.Partition;
import dev.sluice.model.Partition.By;
import dev.sluice.model.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table's declaration as it is written in Java. */
final class JavaText {
  private JavaText() {}

  static String of(Table table) {
    StringBuilder text = new StringBuilder();
    text.append("static final Table ").append(table.shortName().toUpperCase(Locale.ROOT));
    text.append(" =\n    Table.").append(table.format().word());
    text.append('(').append(quoted(table.name())).append(')');
    if (!table.comment().isEmpty()) {
      call(text, "describedAs", List.of(quoted(table.comment())));
    }
    for (Column column : table.columns()) {
      List<String> told = List.of(quoted(column.name()), quoted(column.type()));
      call(text, "column", told, column.comment());
    }
    if (!table.key().isEmpty()) {
      call(text, "key", table.key().stream().map(JavaText::quoted).toList());
    }
    if (!table.partitions().isEmpty()) {
      call(text, "partitionedBy", partitions(table.partitioning()));
    }
    return text.append(';').toString();
  }

  private static void call(StringBuilder text, String name, List<String> told, String comment) {
    String first = String.join(", ", told);
    call(text, name, comment.isEmpty() ? List.of(first) : List.of(first, quoted(comment)));
  }

  private static void call(StringBuilder text, String name, List<String> arguments) {
    text.append("\n        .").append(name);
    text.append(arguments.stream().collect(Collectors.joining(", ", "(", ")")));
  }

  private static List<String> partitions(List<Partition> partitions) {
    boolean plain = partitions.stream().allMatch(partition -> partition.by() == By.VALUE);
    return partitions.stream()
        .map(partition -> plain ? quoted(partition.column()) : made(partition))
        .toList();
  }

  private static String made(Partition partition) {
    String size =
        partition.by() == By.BUCKET || partition.by() == By.TRUNCATE ? partition.size() + ", " : "";
    String by = partition.by().name().toLowerCase(Locale.ROOT);
    return "Partition." + by + "(" + size + quoted(partition.column()) + ")";
  }

  private static String quoted(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"';
  }
}
