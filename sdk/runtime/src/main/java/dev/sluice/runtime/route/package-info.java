/**
 * One write, two destinations: good rows go to the target, bad rows to quarantine, in one pass.
 *
 * <p>A DataSource V2 writer that hands each row to one of two others. Counts travel in the commit
 * messages of the tasks, so only committed tasks count.
 */
package dev.sluice.runtime.route;
