/** Delta tables. */
package dev.sluice.connect.delta;
