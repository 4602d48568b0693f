package dev.sluice.quality.type;

/** How many patterns of a list a text must match. */
public enum MatchOn {
  ANY,
  ALL
}
