/** AWS Glue as the lake's catalog, AWS KMS as the place of its keys. */
package dev.sluice.connect.glue;
