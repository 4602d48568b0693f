/**
 * Row conditions as plain data: which rows an expectation asks about.
 *
 * <p>{@link dev.sluice.quality.condition.ConditionParser} reads the forms that Great Expectations
 * knows; nothing here knows Spark.
 */
package dev.sluice.quality.condition;
