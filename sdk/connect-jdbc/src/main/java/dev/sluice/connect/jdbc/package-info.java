/** Loads rows into tables of relational databases, all or nothing. */
package dev.sluice.connect.jdbc;
