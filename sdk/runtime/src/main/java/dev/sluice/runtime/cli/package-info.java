/** The command line that is the entry point of every image. */
package dev.sluice.runtime.cli;
