/** The lake itself: its Spark session, its tables and their quarantine, one class per format. */
package dev.sluice.runtime.lake;
