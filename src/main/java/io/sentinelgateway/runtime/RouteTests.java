package io.sentinelgateway.runtime;

import io.sentinelgateway.config.RouteTest;
import io.sentinelgateway.config.RouteTest.ExpectConfig;
import io.sentinelgateway.schema.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges the {@code tests} of a configuration. Stateless. */
public final class RouteTests {

  private RouteTests() {}

  /**
   * A test that does not hold.
   *
   * @param index in the configuration's list
   * @param message what came instead of what was expected
   */
  public record Failed(int index, String message) {}

  /** Every test of the snapshot's configuration that does not hold. */
  public static List<Failed> failures(RuntimeSnapshot snapshot) {
    List<Failed> failures = new ArrayList<>();
    List<RouteTest> tests = snapshot.config().tests();
    for (int i = 0; i < tests.size(); i++) {
      for (String message : judge(snapshot, tests.get(i))) {
        failures.add(new Failed(i, message));
      }
    }
    return failures;
  }

  /** Adds every test that does not hold, at its place. */
  public static void report(RuntimeSnapshot snapshot, Problems problems) {
    failures(snapshot)
        .forEach(failed -> problems.at("tests").at(failed.index()).error(failed.message()));
  }

  private static List<String> judge(RuntimeSnapshot snapshot, RouteTest test) {
    Decision decision;
    try {
      List<java.util.Map.Entry<String, String>> fields = List.copyOf(test.headers().entrySet());
      decision =
          Explainer.explain(
              snapshot,
              Question.parse(test.request(), fields, test.client(), test.listener().orElse(null)));
    } catch (IllegalArgumentException e) {
      return List.of(test.request() + ": " + e.getMessage());
    }
    ExpectConfig expect = test.expect();
    List<String> wrong = new ArrayList<>();
    String route = decision.explanation().route().orElse("none");
    compare("route", expect.route(), Optional.of(route), wrong);
    compare("upstream", expect.upstream(), upstream(decision, expect), wrong);
    compare("target", expect.target(), decision.target(), wrong);
    compare("status", expect.status(), decision.status(), wrong);
    return wrong.stream().map(message -> test.request() + ": " + message).toList();
  }

  /** Where chance decides, any upstream that it may choose is as good as another. */
  private static Optional<String> upstream(Decision decision, ExpectConfig expect) {
    Set<String> possible = decision.destinations().map(d -> d.servers().keySet()).orElse(Set.of());
    Optional<String> expected = expect.upstream().filter(possible::contains);
    return expected.isPresent() || possible.isEmpty()
        ? expected
        : Optional.of(String.join(" or ", possible));
  }

  private static <T> void compare(
      String what, Optional<T> expected, Optional<T> actual, List<String> wrong) {
    if (expected.isPresent() && !expected.equals(actual)) {
      String got = actual.map(String::valueOf).orElse("none");
      wrong.add(what + " " + got + " (expected: " + expected.get() + ")");
    }
  }
}
