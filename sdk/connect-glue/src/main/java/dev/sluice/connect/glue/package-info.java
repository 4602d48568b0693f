/** AWS Glue as the lake's catalog. */
package dev.sluice.connect.glue;
