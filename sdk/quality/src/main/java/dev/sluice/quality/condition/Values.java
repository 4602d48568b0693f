package dev.sluice.quality.condition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Values of conditions as JSON, the same from whatever form they were read. */
final class Values {
  private Values() {}

  static ArrayNode list(List<JsonNode> values) {
    return JsonNodeFactory.instance.arrayNode().addAll(values);
  }

  /** Exact: a text with more digits than a double holds stays a decimal. */
  static JsonNode number(String text) {
    if (text.chars().allMatch(digit -> digit == '-' || Character.isDigit(digit))) {
      BigInteger whole = new BigInteger(text);
      return whole.bitLength() < Long.SIZE
          ? LongNode.valueOf(whole.longValue())
          : BigIntegerNode.valueOf(whole);
    }
    BigDecimal exact = new BigDecimal(text);
    double near = exact.doubleValue();
    return Double.isFinite(near) && BigDecimal.valueOf(near).compareTo(exact) == 0
        ? DoubleNode.valueOf(near)
        : DecimalNode.valueOf(exact);
  }
}
