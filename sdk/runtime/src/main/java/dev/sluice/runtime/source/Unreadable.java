package dev.sluice.runtime.source;

/** What becomes of records that cannot be parsed. */
public enum Unreadable {
  /** They come as rows with their text, bound for quarantine. */
  KEPT,
  /** They end the run: a lookup with holes would spoil rows that are good. */
  REFUSED
}
