package dev.sluice.jobs.hungry;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import com.google.auto.service.AutoService;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Takes names, and needs memory for it. */
@AutoService(Job.class)
public final class Hungry extends Extract {
  private static final int PIECE = 1 << 18;

  /** What the job can be told from outside. */
  public record Settings(
      @Doc("Folder of the raw files.") String raw,
      @Doc("How much memory the first row needs.") int megabytes) {}

  @Override
  public JobSpec spec() {
    return JobSpec.extract("hungry")
        .describedAs("Takes names, and needs memory for it")
        .settings(Settings.class)
        .perInterval()
        .read("airlines", Source.csv("${raw}/airlines.csv"))
        .write(
            Table.iceberg("hungry.airlines")
                .column("carrier", "string", "two-letter code of the airline")
                .column("name", "string", "name of the airline"),
            Write.append())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    int pieces = run.settings(Settings.class).megabytes() * (1024 * 1024 / PIECE);
    UserDefinedFunction fed =
        udf((UDF1<String, String>) name -> eat(name, pieces), DataTypes.StringType);
    return rows.withColumn("name", fed.apply(col("name")));
  }

  private static String eat(String name, int pieces) {
    List<byte[]> eaten = new ArrayList<>();
    for (int piece = 0; piece < pieces; piece++) {
      eaten.add(new byte[PIECE]);
    }
    return eaten.isEmpty() ? "" : name;
  }
}
