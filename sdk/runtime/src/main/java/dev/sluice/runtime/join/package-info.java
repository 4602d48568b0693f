/** Joins that look at their keys first, and say why they are done as they are. */
package dev.sluice.runtime.join;
