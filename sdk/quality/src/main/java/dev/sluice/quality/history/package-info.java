/**
 * Figures of a run that are worth keeping, and rules that compare a run with those before it.
 *
 * <p>Plain values in and out: where the figures are stored is for others to say.
 */
package dev.sluice.quality.history;
