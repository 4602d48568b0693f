/** Executors in pods of Kubernetes, beside the pod of the run. */
package dev.sluice.connect.kubernetes;
