package dev.sluice.runtime.spi;

import java.util.Locale;

/**
 * What keeps a table exact when runs fail or meet, each with a switch.
 *
 * <p>The switch is for tests alone: the system property {@value #PROPERTY} turns one off, so that
 * it can be shown that the fault which it guards against does harm without it. A guard that can be
 * turned off without a test failing is none.
 */
public enum Guard {
  /** The ledger is asked at each attempt of an Iceberg commit, not only when the run begins. */
  LEDGER_AT_COMMIT,
  /** The ledger entry is part of the commit that publishes the rows. */
  RUN_KEY_IN_COMMIT,
  /** A merge is committed only onto the rows that it has looked at. */
  MERGE_BASE,
  /** An entry in Glue or Hive is replaced only where it is still the one that was read. */
  REVISION,
  /** The files that were read are compared with their pins before anything is published. */
  PINS,
  /** Rows read are rows written, quarantined or filtered. */
  BALANCE,
  /** The catalog is asked again where its answer to a commit was lost. */
  LOST_ANSWER,
  /** What may be published is not removed. */
  FILES_IN_DOUBT;

  /** The system property that names the one that is off. */
  public static final String PROPERTY = "sluice.guard.off";

  /** The name in the property. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it holds, which it does unless a test says otherwise. */
  public boolean holds() {
    return !word().equals(System.getProperty(PROPERTY));
  }
}
