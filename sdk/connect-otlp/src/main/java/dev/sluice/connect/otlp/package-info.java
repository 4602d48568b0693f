/** Metrics and traces of runs by OpenTelemetry's protocol. */
package dev.sluice.connect.otlp;
