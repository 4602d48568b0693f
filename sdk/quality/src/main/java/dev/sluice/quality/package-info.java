/**
 * Great Expectations suites on Spark: parsed, compiled to columns and aggregates, answered in Great
 * Expectations' own form.
 *
 * <p>The way of a suite: {@code SuiteParser → Suite → SuitePlan → (Tally + staged rows) → Verdict}.
 */
package dev.sluice.quality;
