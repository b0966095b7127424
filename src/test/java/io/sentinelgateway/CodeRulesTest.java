package io.sentinelgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static io.sentinelgateway.Rooms.BASE;
import static io.sentinelgateway.Rooms.inRooms;
import static io.sentinelgateway.Rooms.onTheRequestPath;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.vertx.core.http.HttpServerResponse;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How code in any room is written: state, time, waiting, output, absence. */
@AnalyzeClasses(packages = BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class CodeRulesTest {

  // State

  @ArchTest
  static final ArchRule staticFieldsAreFinal = fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule staticFieldsHoldNoSharedState =
      noFields()
          .that()
          .areStatic()
          .should()
          .haveRawType(
              describe(
                  "concurrent, thread-local or a mutable collection", CodeRulesTest::changeable));

  /** {@code Map.of} and {@code List.copyOf} need no constructor; what is built by one can grow. */
  @ArchTest
  static final ArchRule staticInitialisersBuildNoMutableCollections =
      noClasses()
          .should()
          .accessTargetWhere(
              access(
                  "a static initialiser makes a mutable collection",
                  a ->
                      a.getOrigin().getName().equals("<clinit>")
                          && a.getName().equals("<init>")
                          && collection(a.getTargetOwner())));

  @ArchTest
  static final ArchRule stepsOfARequestHoldOnlyFinalFields =
      fields()
          .that()
          .areDeclaredInClassesThat(
              describe(
                  "are filters or handlers",
                  c ->
                      inRooms("filter", "handler", "forward").test(c)
                          && (c.isAssignableTo(Filter.class) || c.isAssignableTo(Handler.class))))
          .should()
          .beFinal()
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule classesAreFinal =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and(describe("are written by us", c -> !c.getSimpleName().equals("package-info")))
          .should()
          .haveModifier(JavaModifier.FINAL);

  // Time and chance

  /** Whoever needs time or chance gets it; a {@link Loop} is what gives it. */
  @ArchTest
  static final ArchRule timeAndChanceAreParameters =
      noClasses()
          .that(
              not(inRooms("verticle", "cli", "embed", ""))
                  .and(
                      describe(
                          "are not the source of time of a loop",
                          c -> {
                            JavaClass outer = Rooms.outermost(c);
                            return !outer.isAssignableTo(Loop.class)
                                && !outer.isAssignableTo(Timers.class);
                          })))
          .should()
          .accessTargetWhere(
              access("the wall clock or global randomness is read", CodeRulesTest::clock));

  // Waiting

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses()
          .should()
          .accessTargetWhere(access("a thread sleeps", a -> calls(a, Thread.class, "sleep")));

  @ArchTest
  static final ArchRule nothingOnTheRequestPathLocks =
      noClasses()
          .that(onTheRequestPath())
          .should()
          .dependOnClassesThat(
              describe(
                  "locks",
                  c ->
                      c.getPackageName().equals("java.util.concurrent.locks")
                          || Set.of("Semaphore", "CountDownLatch", "CyclicBarrier", "Phaser")
                              .contains(c.getSimpleName())
                          || c.isAssignableTo(java.util.concurrent.BlockingQueue.class)))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingOnTheRequestPathIsSynchronized =
      noMethods()
          .that()
          .areDeclaredInClassesThat(onTheRequestPath())
          .should()
          .haveModifier(JavaModifier.SYNCHRONIZED)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingOnTheRequestPathWaits =
      noClasses()
          .that(onTheRequestPath())
          .should()
          .accessTargetWhere(
              access(
                  "a result is waited for",
                  a ->
                      calls(a, io.vertx.core.Future.class, "await")
                          || calls(a, java.util.concurrent.Future.class, "get")
                          || calls(a, java.util.concurrent.CompletableFuture.class, "join")
                          || calls(a, Object.class, "wait")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingOnTheRequestPathFormats =
      noClasses()
          .that(onTheRequestPath())
          .should()
          .accessTargetWhere(
              access(
                  "String.format is used",
                  a -> calls(a, String.class, "format") || calls(a, String.class, "formatted")))
          .allowEmptyShould(true);

  // Output

  @ArchTest
  static final ArchRule onlyCommandsPrint =
      noClasses()
          .that(not(inRooms("cli")))
          .should()
          .accessTargetWhere(
              access(
                  "standard output is used",
                  a ->
                      calls(a, System.class, "out")
                          || calls(a, System.class, "err")
                          || calls(a, Throwable.class, "printStackTrace")));

  /** A failure is a ProxyError; one room writes answers. */
  @ArchTest
  static final ArchRule onlyTheListenerWritesAnswers =
      noClasses()
          .that(onTheRequestPath().and(not(inRooms("listener"))))
          .should()
          .accessTargetWhere(
              access(
                  "an answer is written",
                  a ->
                      a.getTargetOwner().isAssignableTo(HttpServerResponse.class)
                          && Set.of("setStatusCode", "write", "end", "send", "sendFile")
                              .contains(a.getName())))
          .allowEmptyShould(true);

  // Absence

  @ArchTest
  static final ArchRule optionalIsNoParameter =
      codeUnits()
          .that(
              describe(
                  "can be called from elsewhere",
                  (JavaCodeUnit u) ->
                      !u.getModifiers().contains(JavaModifier.SYNTHETIC)
                          && !u.getModifiers().contains(JavaModifier.PRIVATE)
                          && !(u.isConstructor() && u.getOwner().isRecord())))
          .should()
          .notHaveRawParameterTypes(
              describe(
                  "with an Optional",
                  types -> types.stream().anyMatch(t -> t.isEquivalentTo(Optional.class))));

  /**
   * An Optional is held only to be returned: as a component of a record, or as an answer that is
   * made once instead of at every call. Options of commands are fields because picocli writes them.
   */
  @ArchTest
  static final ArchRule optionalIsNoField =
      fields()
          .that()
          .haveRawType(Optional.class)
          .and()
          .areNotAnnotatedWith(picocli.CommandLine.Option.class)
          .should(
              com.tngtech.archunit.lang.conditions.ArchConditions.be(
                  describe("final and returned by its class", CodeRulesTest::returned)))
          .allowEmptyShould(true);

  private static boolean returned(JavaField field) {
    boolean constant = field.getModifiers().contains(JavaModifier.STATIC);
    boolean accessor =
        field.getOwner().getMethods().stream()
            .anyMatch(
                m ->
                    m.getName().equals(field.getName())
                        && m.getRawReturnType().isEquivalentTo(Optional.class));
    return field.getModifiers().contains(JavaModifier.FINAL) && (constant || accessor);
  }

  private static boolean changeable(JavaClass type) {
    boolean concurrent =
        type.getPackageName().startsWith("java.util.concurrent")
            && !type.isEquivalentTo(TimeUnit.class);
    return concurrent || type.isAssignableTo(ThreadLocal.class) || collection(type);
  }

  private static boolean collection(JavaClass type) {
    boolean holds = type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class);
    return holds && !type.isInterface();
  }

  private static boolean clock(JavaAccess<?> a) {
    boolean now =
        a.getTargetOwner().getPackageName().equals("java.time") && a.getName().equals("now");
    boolean made =
        a.getName().equals("<init>")
            && a.getTargetOwner().isAssignableTo(java.util.random.RandomGenerator.class);
    return now
        || made
        || calls(a, System.class, "currentTimeMillis")
        || calls(a, System.class, "nanoTime")
        || calls(a, Math.class, "random")
        || calls(a, java.util.UUID.class, "randomUUID")
        || calls(a, java.util.concurrent.ThreadLocalRandom.class, "current")
        || (a.getTargetOwner().isEquivalentTo(java.time.Clock.class)
            && a.getName().startsWith("system"));
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, String name) {
    return access.getName().equals(name) && access.getTargetOwner().isAssignableTo(owner);
  }

  private static DescribedPredicate<JavaAccess<?>> access(
      String what, java.util.function.Predicate<JavaAccess<?>> test) {
    return describe(what, test);
  }
}
