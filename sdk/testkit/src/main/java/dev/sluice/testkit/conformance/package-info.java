/** Cases of Great Expectations put to the public engine, and how its answers compare. */
package dev.sluice.testkit.conformance;
