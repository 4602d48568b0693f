/** Observers that every image has: metrics for Prometheus, and for an agent of DogStatsD. */
package dev.sluice.runtime.observe;
