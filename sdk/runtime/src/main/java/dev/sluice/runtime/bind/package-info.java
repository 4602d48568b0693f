/** From texts to settings: defaults, job file, profile, environment and command line, in order. */
package dev.sluice.runtime.bind;
