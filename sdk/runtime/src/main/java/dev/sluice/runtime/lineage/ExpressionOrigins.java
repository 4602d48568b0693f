package dev.sluice.runtime.lineage;

import dev.sluice.model.Lineage.How;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/** What an expression is made of, where the columns that it may name are known. */
final class ExpressionOrigins {
  private final PlanOrigins plans;
  private final Map<ExprId, Origins> columns;
  private final Map<ExprId, Origins> outer;

  /**
   * Expressions over some columns.
   *
   * @param outer the columns of the query around, where this one is correlated with it
   */
  ExpressionOrigins(PlanOrigins plans, Map<ExprId, Origins> columns, Map<ExprId, Origins> outer) {
    this.plans = plans;
    this.columns = columns;
    this.outer = outer;
  }

  Origins of(Expression expression) {
    if (expression instanceof AttributeReference column) {
      return columns.getOrDefault(column.exprId(), Origins.NONE);
    }
    if (expression instanceof OuterReference around) {
      return outer.getOrDefault(around.exprId(), Origins.NONE);
    }
    if (expression instanceof Alias named) {
      return of(named.child());
    }
    if (expression instanceof If choice) {
      return of(choice.trueValue())
          .and(of(choice.falseValue()))
          .then(How.TRANSFORMATION)
          .and(of(choice.predicate()).then(How.CONDITIONAL));
    }
    if (expression instanceof CaseWhen choice) {
      return choice(choice);
    }
    if (expression instanceof AggregateExpression aggregate) {
      return of(aggregate.aggregateFunction())
          .then(How.AGGREGATION)
          .and(all(CollectionConverters.asJava(aggregate.filter().toList())).then(How.CONDITIONAL));
    }
    if (expression instanceof WindowExpression window) {
      return of(window.windowFunction())
          .then(How.TRANSFORMATION)
          .and(of(window.windowSpec()).then(How.WINDOW));
    }
    if (expression instanceof SubqueryExpression subquery) {
      return subquery(subquery);
    }
    return all(CollectionConverters.asJava(expression.children())).then(How.TRANSFORMATION);
  }

  Origins all(Iterable<? extends Expression> expressions) {
    Origins all = Origins.NONE;
    for (Expression each : expressions) {
      all = all.and(of(each));
    }
    return all;
  }

  private Origins choice(CaseWhen choice) {
    Origins values = all(CollectionConverters.asJava(choice.elseValue().toList()));
    Origins conditions = Origins.NONE;
    for (scala.Tuple2<Expression, Expression> branch :
        CollectionConverters.asJava(choice.branches())) {
      conditions = conditions.and(of(branch._1()));
      values = values.and(of(branch._2()));
    }
    return values.then(How.TRANSFORMATION).and(conditions.then(How.CONDITIONAL));
  }

  /** A scalar subquery is a value; any other answers only whether there is one. */
  private Origins subquery(SubqueryExpression subquery) {
    LogicalPlan plan = subquery.plan();
    PlanOrigins.Made made = plans.of(plan, columns);
    How how = subquery instanceof ScalarSubquery ? How.TRANSFORMATION : How.CONDITIONAL;
    return made.all(plan).then(how).and(made.rows());
  }
}
