package dev.sluice.runtime.lineage;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** The plan of an input, as it was given to the job: below it nobody looks. */
record InputPlan(String name, LogicalPlan plan) {
  /** Columns of our own, which are no part of the data. */
  static final String OWN = "_sluice";

  /** Whether a node is this input; Spark gives a copy new ids where it is joined with itself. */
  boolean is(LogicalPlan node) {
    if (node == plan) {
      return true;
    }
    return node.getClass() == plan.getClass()
        && names(node).equals(names(plan))
        && node.canonicalized().equals(plan.canonicalized());
  }

  /** What the columns of a node that is this input are made of. */
  Map<ExprId, Origins> columns(LogicalPlan node) {
    Map<ExprId, Origins> columns = new HashMap<>();
    for (Attribute attribute : PlanOrigins.output(node)) {
      columns.put(attribute.exprId(), origin(attribute));
    }
    return columns;
  }

  Origins everything() {
    Origins all = Origins.NONE;
    for (Attribute attribute : PlanOrigins.output(plan)) {
      all = all.and(origin(attribute));
    }
    return all;
  }

  private Origins origin(Attribute attribute) {
    return attribute.name().startsWith(OWN) ? Origins.NONE : Origins.column(name, attribute.name());
  }

  private static List<String> names(LogicalPlan node) {
    return PlanOrigins.output(node).stream().map(Attribute::name).toList();
  }
}
