package dev.sluice.jobs.tpch;

import com.google.auto.service.AutoService;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Joins each line with its order, by a shuffle of both. */
@AutoService(Job.class)
public final class LinesOfOrders extends Transform<LinesOfOrders.In> {

  /** What the job reads. */
  public record In(Dataset<Row> lines, Dataset<Row> orders) {}

  /** What the job can be told from outside. */
  public record Settings(@Doc("Folder of the raw files.") String raw) {}

  @Override
  public JobSpec spec() {
    return JobSpec.transform("lines-of-orders")
        .describedAs("Joins each line with its order, by a shuffle of both")
        .settings(Settings.class)
        .perInterval()
        .read(
            "lines",
            Source.parquet("${raw}/lines")
                .column("order_key", "bigint")
                .column("line", "int")
                .column("part_key", "bigint")
                .column("quantity", "bigint")
                .column("price_cents", "bigint")
                .column("ship_mode", "string")
                .column("comment", "string"))
        .read(
            "orders",
            Source.parquet("${raw}/orders")
                .column("order_key", "bigint")
                .column("customer_key", "bigint")
                .column("total_cents", "bigint")
                .column("priority", "string"))
        .write(
            Table.iceberg("tpch.lines_of_orders")
                .column("order_key", "bigint", "number of the order")
                .column("line", "int", "number of the line within its order")
                .column("part_key", "bigint", "number of the part")
                .column("quantity", "bigint", "how many of it")
                .column("price_cents", "bigint", "price of the line")
                .column("ship_mode", "string", "how it is sent")
                .column("comment", "string", "of whoever wrote the line")
                .column("customer_key", "bigint", "number of the customer")
                .column("total_cents", "bigint", "price of the order")
                .column("priority", "string", "of the order"),
            Write.replaceTable())
        .build();
  }

  @Override
  protected Dataset<Row> transform(In in, Run run) {
    // Without the hint the smaller scales would be broadcast, which moves no line.
    return in.lines().join(in.orders().hint("shuffle_merge"), new String[] {"order_key"}, "left");
  }
}
