package dev.sluice.runtime.lineage;

import dev.sluice.model.Lineage.How;
import dev.sluice.runtime.join.Parts;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationDef;
import org.apache.spark.sql.catalyst.plans.logical.CTERelationRef;
import org.apache.spark.sql.catalyst.plans.logical.Deduplicate;
import org.apache.spark.sql.catalyst.plans.logical.Distinct;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.SetOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the columns and the rows of a plan are made of, found from its leaves upwards.
 *
 * <p>A node that nobody here knows makes each new column of all that it is given: too much is said
 * then, and {@link #notes} says so; nothing is left out.
 */
final class PlanOrigins {

  /** What the columns of a node are made of, and what decides over its rows. */
  record Made(Map<ExprId, Origins> columns, Origins rows) {
    Origins of(Attribute attribute) {
      return columns.getOrDefault(attribute.exprId(), Origins.NONE);
    }

    Origins all(LogicalPlan node) {
      Origins all = Origins.NONE;
      for (Attribute attribute : output(node)) {
        all = all.and(of(attribute));
      }
      return all;
    }
  }

  /** The plan took longer to read than it may. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final List<InputPlan> inputs;
  private final Origins everything;
  private final long deadline;
  private final IdentityHashMap<LogicalPlan, Made> known = new IdentityHashMap<>();
  private final Map<Long, Map.Entry<LogicalPlan, Made>> named = new HashMap<>();
  private final Set<String> notes = new TreeSet<>();

  PlanOrigins(List<InputPlan> inputs, long deadlineNanos) {
    this.inputs = inputs;
    this.deadline = deadlineNanos;
    Origins all = Origins.NONE;
    for (InputPlan input : inputs) {
      all = all.and(input.everything());
    }
    this.everything = all.then(How.TRANSFORMATION);
  }

  Set<String> notes() {
    return notes;
  }

  Made of(LogicalPlan node, Map<ExprId, Origins> outer) {
    if (System.nanoTime() - deadline > 0) {
      throw new TooLong();
    }
    Made before = known.get(node);
    if (before != null) {
      return before;
    }
    Made made = make(node, outer);
    known.put(node, made);
    return made;
  }

  private Made make(LogicalPlan node, Map<ExprId, Origins> outer) {
    for (InputPlan input : inputs) {
      if (input.is(node)) {
        return new Made(input.columns(node), Origins.NONE);
      }
    }
    if (node instanceof WithCTE with) {
      for (CTERelationDef each : CollectionConverters.asJava(with.cteDefs())) {
        named.put(each.id(), Map.entry(each.child(), of(each.child(), outer)));
      }
      return of(with.plan(), outer);
    }
    if (node instanceof CTERelationRef ref && named.containsKey(ref.cteId())) {
      Map.Entry<LogicalPlan, Made> meant = named.get(ref.cteId());
      return positional(node, List.of(meant.getKey()), List.of(meant.getValue()));
    }
    List<LogicalPlan> children = CollectionConverters.asJava(node.children());
    if (children.isEmpty()) {
      return leaf(node);
    }
    if (Parts.is(node)) {
      LogicalPlan first = children.get(0);
      return positional(node, List.of(first), List.of(of(first, outer)));
    }
    List<Made> given = children.stream().map(child -> of(child, outer)).toList();
    if (node instanceof Union) {
      return positional(node, children, given);
    }
    if (node instanceof SetOperation) {
      return setOperation(children, given);
    }
    return made(node, together(given), outer);
  }

  /** Nodes whose columns are those of their children, and new ones. */
  private Made made(LogicalPlan node, Made given, Map<ExprId, Origins> outer) {
    ExpressionOrigins expressions = new ExpressionOrigins(this, given.columns(), outer);
    if (node instanceof Project project) {
      return new Made(named(project.projectList(), expressions), given.rows());
    }
    if (node instanceof Filter filter) {
      return with(given, expressions.of(filter.condition()).then(How.FILTER));
    }
    if (node instanceof Join join) {
      Origins keys = expressions.all(CollectionConverters.asJava(join.condition().toList()));
      return with(given, keys.then(How.JOIN));
    }
    if (node instanceof Aggregate aggregate) {
      Origins keys = expressions.all(CollectionConverters.asJava(aggregate.groupingExpressions()));
      return new Made(
          named(aggregate.aggregateExpressions(), expressions),
          given.rows().and(keys.then(How.GROUP_BY)));
    }
    if (node instanceof Window window) {
      Map<ExprId, Origins> columns = new HashMap<>(given.columns());
      columns.putAll(named(window.windowExpressions(), expressions));
      return new Made(columns, given.rows());
    }
    if (node instanceof Sort sort) {
      Origins keys = expressions.all(CollectionConverters.asJava(sort.order()));
      return with(given, keys.then(How.SORT));
    }
    if (node instanceof Deduplicate deduplicate) {
      Origins keys = expressions.all(CollectionConverters.asJava(deduplicate.keys()));
      return with(given, keys.then(How.GROUP_BY));
    }
    if (node instanceof Distinct distinct) {
      return with(given, given.all(distinct.child()).then(How.GROUP_BY));
    }
    if (node instanceof Generate generate) {
      Origins from = expressions.of((Expression) generate.generator()).then(How.TRANSFORMATION);
      return plus(given, generate.generatorOutput(), from);
    }
    if (node instanceof Expand expand) {
      return expanded(expand, given, expressions);
    }
    return other(node, given);
  }

  private static Map<ExprId, Origins> named(
      Seq<NamedExpression> list, ExpressionOrigins expressions) {
    Map<ExprId, Origins> columns = new HashMap<>();
    for (NamedExpression each : CollectionConverters.asJava(list)) {
      columns.put(each.exprId(), of(each, () -> expressions.of((Expression) each)));
    }
    return columns;
  }

  /** A column of our own, as the part that a join puts a row in, says nothing of the data. */
  private static Origins of(NamedExpression column, Supplier<Origins> origins) {
    return column.name().startsWith(InputPlan.OWN) ? Origins.NONE : origins.get();
  }

  private static Made with(Made given, Origins rows) {
    return new Made(given.columns(), given.rows().and(rows));
  }

  private static Made plus(Made given, Seq<Attribute> added, Origins from) {
    Map<ExprId, Origins> columns = new HashMap<>(given.columns());
    CollectionConverters.asJava(added)
        .forEach(each -> columns.put(each.exprId(), of(each, () -> from)));
    return new Made(columns, given.rows());
  }

  /** Rollups and cubes: each row several times, with some of its columns blank. */
  private static Made expanded(Expand expand, Made given, ExpressionOrigins expressions) {
    Map<ExprId, Origins> columns = new HashMap<>();
    List<Attribute> output = CollectionConverters.asJava(expand.output());
    for (Seq<Expression> projection : CollectionConverters.asJava(expand.projections())) {
      for (int i = 0; i < output.size(); i++) {
        columns.merge(output.get(i).exprId(), expressions.of(projection.apply(i)), Origins::and);
      }
    }
    return new Made(columns, given.rows());
  }

  /** Columns that go through are what they were; new ones may be made of anything. */
  private Made other(LogicalPlan node, Made given) {
    Map<ExprId, Origins> columns = new HashMap<>(given.columns());
    Optional<Origins> anything = Optional.empty();
    for (Attribute attribute : output(node)) {
      if (!columns.containsKey(attribute.exprId())) {
        anything = anything.or(() -> Optional.of(anything(node, given)));
        columns.put(attribute.exprId(), anything.get());
      }
    }
    return new Made(columns, given.rows());
  }

  private Origins anything(LogicalPlan node, Made given) {
    notes.add(
        node.nodeName() + " is not looked into: what it makes is said to come of all it is given");
    Origins all = Origins.NONE;
    for (LogicalPlan child : CollectionConverters.asJava(node.children())) {
      all = all.and(given.all(child));
    }
    return all.then(How.TRANSFORMATION);
  }

  private Made leaf(LogicalPlan node) {
    boolean literal =
        node instanceof LocalRelation || node instanceof OneRowRelation || node instanceof Range;
    if (!literal) {
      notes.add(
          node.nodeName()
              + " is no declared input: what comes of it is said to come of all of them");
    }
    Origins from = literal ? Origins.NONE : everything;
    Map<ExprId, Origins> columns = new HashMap<>();
    output(node).forEach(attribute -> columns.put(attribute.exprId(), from));
    return new Made(columns, Origins.NONE);
  }

  private static Made positional(LogicalPlan node, List<LogicalPlan> children, List<Made> given) {
    Map<ExprId, Origins> columns = new HashMap<>();
    List<Attribute> output = output(node);
    for (int child = 0; child < children.size(); child++) {
      List<Attribute> from = output(children.get(child));
      for (int i = 0; i < output.size(); i++) {
        columns.merge(output.get(i).exprId(), given.get(child).of(from.get(i)), Origins::and);
      }
    }
    return new Made(columns, together(given).rows());
  }

  /** The rows are the first one's; the second one decides which of them. */
  private static Made setOperation(List<LogicalPlan> children, List<Made> given) {
    Origins second = given.get(1).all(children.get(1));
    Origins first = given.get(0).all(children.get(0));
    return new Made(
        given.get(0).columns(), together(given).rows().and(first.and(second).then(How.FILTER)));
  }

  private static Made together(List<Made> given) {
    if (given.size() == 1) {
      return given.get(0);
    }
    Map<ExprId, Origins> columns = new HashMap<>();
    Origins rows = Origins.NONE;
    for (Made each : given) {
      columns.putAll(each.columns());
      rows = rows.and(each.rows());
    }
    return new Made(columns, rows);
  }

  static List<Attribute> output(LogicalPlan node) {
    return CollectionConverters.asJava(node.output());
  }
}
