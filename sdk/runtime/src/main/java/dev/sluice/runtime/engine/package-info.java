/**
 * The life of a run, from settings to receipt.
 *
 * <p>{@code bind → plan → read → transform → gate → publish → register → report}; {@link
 * dev.sluice.runtime.engine.LifeCycle} is the one place that knows the order.
 */
package dev.sluice.runtime.engine;
