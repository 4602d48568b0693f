/**
 * Files that jobs read: pinned as they are, strict about what a record is, and never skipped.
 *
 * <p>Verdicts on what is wrong with them stand in docs/bad-input.md.
 */
package dev.sluice.runtime.source;
