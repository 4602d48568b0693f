package dev.sluice.runtime.spi;

import dev.sluice.model.RunKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** A place that rows are published to, with its own kind of atomic commit. */
public interface Target {

  /** The kind: table or sink. */
  String kind();

  /** Where it is, without secrets. */
  String uri();

  /** The commit that a run with this key has made, if one has. */
  Optional<Commit> find(RunKey key);

  /** All that it remembers of earlier runs; may be long. */
  Ledger ledger();

  /** The ledger's horizon. */
  default Optional<Instant> horizon() {
    return ledger().horizon();
  }

  /**
   * What {@link #prepare()} would change; empty where nothing.
   *
   * @throws dev.sluice.model.SluiceException of kind CONTRACT where it cannot be changed so
   */
  List<TargetChange> changes();

  /** How rows are cut to columns that stay as they are; asked before {@link #prepare()} as well. */
  default Fit fit() {
    return Fit.EXACT;
  }

  /** Makes the target, or adds what its declaration has and it has not; idempotent. */
  void prepare();

  /** Begins to stage one run's rows; their leading columns are those of the schema. */
  Staging stage(RunKey key, String runId, StructType schema);

  /**
   * What {@link #register()} would change beside the columns, one line each; empty where nothing,
   * or where the catalog does not tell.
   */
  default List<String> words() {
    return List.of();
  }

  /** Brings comments and properties in line with the declaration; idempotent. */
  void register();
}
