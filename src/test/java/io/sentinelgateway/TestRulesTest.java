package io.sentinelgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.Set;
import org.junit.jupiter.api.Disabled;

/** The rules for the tests themselves: they do not sleep, and none is switched off. */
@AnalyzeClasses(packages = Rooms.BASE, importOptions = ImportOption.OnlyIncludeTests.class)
class TestRulesTest {

  private static final String CONDITIONS = "org.junit.jupiter.api.condition";

  @ArchTest static final ArchRule nobodySleeps = CodeRulesTest.nobodySleeps;

  @ArchTest
  static final ArchRule noTestIsSwitchedOff =
      noMethods()
          .should(
              ArchConditions.have(
                  describe("an annotation that skips them", TestRulesTest::switchedOff)));

  @ArchTest
  static final ArchRule noTestClassIsSwitchedOff =
      noClasses()
          .should(
              ArchConditions.have(
                  describe(
                      "an annotation that skips them",
                      (JavaClass c) ->
                          c.isAnnotatedWith(Disabled.class)
                              || c.getAnnotations().stream()
                                  .anyMatch(
                                      a -> a.getRawType().getPackageName().equals(CONDITIONS)))));

  /** An assumption that does not hold skips a test as well. */
  @ArchTest
  static final ArchRule noTestAssumes =
      noClasses()
          .should()
          .dependOnClassesThat(
              describe(
                  "skip tests",
                  c ->
                      Set.of("Assumptions", "Assume", "AssumptionsForClassTypes")
                          .contains(c.getSimpleName())));

  private static boolean switchedOff(JavaMethod method) {
    return method.isAnnotatedWith(Disabled.class)
        || method.getAnnotations().stream()
            .anyMatch(a -> a.getRawType().getPackageName().equals(CONDITIONS));
  }
}
