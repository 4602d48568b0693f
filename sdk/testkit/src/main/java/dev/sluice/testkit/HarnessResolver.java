package dev.sluice.testkit;

import dev.sluice.runtime.spi.FailPoint;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test method a harness of its own, and removes its lake afterwards. */
final class HarnessResolver implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == JobHarness.class;
  }

  private static Optional<FailPoint> crash(ExtensionContext test) {
    return test.getTestMethod()
        .map(method -> method.getAnnotation(CrashAt.class))
        .map(CrashAt::value);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getStore(Namespace.create(HarnessResolver.class, test.getUniqueId()))
        .computeIfAbsent(JobHarness.class, type -> new JobHarness(crash(test)), JobHarness.class);
  }
}
