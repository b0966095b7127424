package io.sentinelgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.sentinelgateway.Rooms.BASE;
import static io.sentinelgateway.Rooms.inRooms;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The walls of the house: which room may know which. A room that is not built yet breaks none. */
@AnalyzeClasses(packages = BASE, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule roomsFormNoCycle =
      slices().matching(BASE + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyRoomIsInThePicture =
      classes()
          .should(
              satisfy(
                  "lie in a room of docs/internals/house.md",
                  (type, problems) -> {
                    if (Rooms.level(type) == Integer.MAX_VALUE) {
                      problems.accept(type, "lies in " + type.getPackageName());
                    }
                  }));

  @ArchTest
  static final ArchRule dependenciesPointDownward =
      classes()
          .should(
              onlyDependOn(
                  "rooms of the same or a lower level",
                  (from, to) -> Rooms.level(to) <= Rooms.level(from)));

  @ArchTest
  static final ArchRule leavesKnowNobody =
      classes()
          .that(inRooms("schema", "error", "http", "spread", "wire"))
          .should(onlyDependOn("their own room", (from, to) -> Rooms.of(from).equals(Rooms.of(to))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheControlPlaneTouchesTheEventBus =
      noClasses()
          .that(DescribedPredicate.not(inRooms("bus", "verticle", "cli", "")))
          .should()
          .dependOnClassesThat(
              inRooms("bus", "verticle")
                  .or(describe("the event bus", c -> isIn(c, "io.vertx.core.eventbus"))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule roomsAreFlat =
      noClasses().should().resideInAPackage(BASE + ".*.*..").allowEmptyShould(true);

  @ArchTest
  static final ArchRule roomsAreNamedForADecision =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..common..",
              "..helper..",
              "..helpers..",
              "..base..",
              "..impl..",
              "..internal..",
              "..misc..",
              "..core..")
          .allowEmptyShould(true);

  /** Few classes reach below, so that an upgrade knows where to look; each says why. */
  @ArchTest
  static final ArchRule onlyThePublicApiOfVertxIsUsed =
      noClasses()
          .that(
              describe(
                  "are not wire.Wire, StrictRequestDecoder, Http2Codec or Http2Session",
                  c ->
                      !c.getName()
                          .matches(
                              Pattern.quote(BASE + ".wire.")
                                  + "(Wire|StrictRequestDecoder|Http2Codec(\\$.*)?|Http2Session)")))
          .should()
          .dependOnClassesThat(
              describe(
                  "inner parts of Vert.x or Netty",
                  c ->
                      (isIn(c, "io.vertx") || isIn(c, "io.netty"))
                          && c.getPackageName().matches(".*\\.(impl|internal)(\\..*)?")));

  @ArchTest
  static final ArchRule settingsAreRecords =
      classes()
          .that()
          .haveSimpleName("Settings")
          .or(
              describe(
                  "are settings",
                  c ->
                      !c.isInterface()
                          && (c.isAssignableTo(FilterSettings.class)
                              || c.isAssignableTo(HandlerSettings.class)
                              || c.isAssignableTo(BalancerSettings.class)
                              || c.isAssignableTo(DiscoverySettings.class))))
          .should()
          .beRecords()
          .allowEmptyShould(true);

  /** Where all features of a request meet is the file that hurts; so there is none. */
  @ArchTest
  static final ArchRule thereIsNoMeetingPoint =
      classes()
          .that(describe("are no list of kinds", c -> !c.getSimpleName().endsWith("Kinds")))
          .should(
              satisfy(
                  "name at most one filter, handler or balancer besides itself",
                  (type, problems) -> {
                    Set<String> named = plugsNamedBy(type);
                    if (named.size() > 1) {
                      problems.accept(type, "names " + String.join(", ", named));
                    }
                  }));

  private static Set<String> plugsNamedBy(JavaClass type) {
    String own = plug(type);
    return type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .filter(Rooms::ours)
        .filter(c -> isPlug(c) || isPlug(Rooms.outermost(c)))
        .map(ArchitectureTest::plug)
        .filter(name -> !name.equals(own))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isPlug(JavaClass type) {
    boolean settings =
        type.isAssignableTo(FilterSettings.class)
            || type.isAssignableTo(HandlerSettings.class)
            || type.isAssignableTo(BalancerSettings.class);
    boolean step = type.isAssignableTo(Filter.class) || type.isAssignableTo(Handler.class);
    return !type.isInterface()
        && Set.of("filter", "handler", "forward", "balance").contains(Rooms.of(type))
        && (settings || step);
  }

  /** A plug is a class with all that is nested in it; the room of forwarding is one plug. */
  private static String plug(JavaClass type) {
    return Rooms.of(type).equals("forward") ? "forward" : Rooms.outermost(type).getSimpleName();
  }

  private static boolean isIn(JavaClass type, String root) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  private interface Allowed {
    boolean test(JavaClass from, JavaClass to);
  }

  private static ArchCondition<JavaClass> onlyDependOn(String what, Allowed allowed) {
    return satisfy(
        "only depend on " + what,
        (type, problems) ->
            type.getDirectDependenciesFromSelf().stream()
                .filter(d -> Rooms.ours(d.getTargetClass()))
                .filter(d -> !allowed.test(type, d.getTargetClass()))
                .forEach(d -> problems.accept(type, d.getDescription())));
  }

  private static ArchCondition<JavaClass> satisfy(
      String what, BiConsumer<JavaClass, BiConsumer<JavaClass, String>> check) {
    return new ArchCondition<>(what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        check.accept(
            type,
            (culprit, message) ->
                events.add(
                    SimpleConditionEvent.violated(culprit, culprit.getName() + " " + message)));
      }
    };
  }
}
