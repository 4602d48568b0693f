/**
 * Looks at rows once and proposes a suite for a person to edit.
 *
 * <p>The way of a proposal: {@code Profiler → TableProfile → SuiteProposal}.
 */
package dev.sluice.quality.profile;
