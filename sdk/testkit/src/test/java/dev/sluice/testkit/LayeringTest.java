package dev.sluice.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the layers of the house: imports go downward only, and packages have no cycles. */
class LayeringTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice");

  @Test
  void importsGoDownwardOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.sluice..")
        .layer("model")
        .definedBy("dev.sluice.model..")
        .layer("quality")
        .definedBy("dev.sluice.quality..")
        .layer("runtime")
        .definedBy("dev.sluice.runtime..")
        .layer("connect-delta")
        .definedBy("dev.sluice.connect.delta..")
        .layer("connect-glue")
        .definedBy("dev.sluice.connect.glue..")
        .layer("connect-hive")
        .definedBy("dev.sluice.connect.hive..")
        .layer("connect-jdbc")
        .definedBy("dev.sluice.connect.jdbc..")
        .layer("connect-kubernetes")
        .definedBy("dev.sluice.connect.kubernetes..")
        .layer("connect-otlp")
        .definedBy("dev.sluice.connect.otlp..")
        .layer("testkit")
        .definedBy("dev.sluice.testkit..")
        .whereLayer("quality")
        .mayOnlyBeAccessedByLayers("runtime", "testkit")
        .whereLayer("runtime")
        .mayOnlyBeAccessedByLayers(
            "connect-delta",
            "connect-glue",
            "connect-hive",
            "connect-jdbc",
            "connect-kubernetes",
            "connect-otlp",
            "testkit")
        .whereLayer("connect-delta")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("connect-glue")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("connect-hive")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("connect-jdbc")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("connect-kubernetes")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("connect-otlp")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("testkit")
        .mayNotBeAccessedByAnyLayer()
        .check(HOUSE);
  }

  @Test
  void theModelKnowsNeitherSparkNorFiles() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.model..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..",
            "org.apache.hadoop..",
            "org.apache.iceberg..",
            "java.net..",
            "java.nio.file..")
        .check(HOUSE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.sluice.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .that()
        .resideInAPackage("dev.sluice..")
        .should()
        .haveSimpleNameNotEndingWith("Impl")
        .andShould()
        .haveSimpleNameNotEndingWith("Manager")
        .andShould()
        .haveSimpleNameNotEndingWith("Helper")
        .andShould()
        .haveSimpleNameNotEndingWith("Utils")
        .andShould()
        .haveSimpleNameNotStartingWith("Abstract")
        .check(HOUSE);
  }
}
