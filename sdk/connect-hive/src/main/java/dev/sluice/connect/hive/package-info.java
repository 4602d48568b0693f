/** A Hive Metastore as the lake's catalog. */
package dev.sluice.connect.hive;
