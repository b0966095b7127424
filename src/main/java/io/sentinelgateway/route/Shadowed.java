package io.sentinelgateway.route;

import io.sentinelgateway.schema.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds routes that can never match, because each request that they ask for takes an earlier route.
 * Judges pairs of rules by what is surely implied: it may miss a route, it never accuses one
 * wrongly.
 */
final class Shadowed {

  private Shadowed() {}

  /**
   * Adds a warning at each route that can never match.
   *
   * @param problems view of the key {@code routes}
   */
  static void warn(List<Route> routes, Problems problems) {
    find(routes)
        .forEach(
            (route, by) ->
                problems
                    .at(route.id())
                    .warn("can never match: " + by + " (" + by.description() + ") comes first"));
  }

  /** The routes that can never match, each with the first one that comes before it. */
  static Map<Route, Route> find(List<Route> routes) {
    Map<Route, Route> shadowed = new LinkedHashMap<>();
    Map<Route, Boolean> alive = new LinkedHashMap<>();
    List<Rule> earlier = new ArrayList<>();
    for (Rule rule : Rule.sorted(routes)) {
      Optional<Rule> cover = cover(rule, earlier);
      if (cover.isEmpty()) {
        alive.put(rule.route(), true);
        // A rule that is covered covers nothing that its own cover does not.
        earlier.add(rule);
      } else if (cover.get().route() != rule.route()) {
        shadowed.putIfAbsent(rule.route(), cover.get().route());
      }
    }
    // A route of several rules lives while one of them does.
    shadowed.keySet().removeAll(alive.keySet());
    return shadowed;
  }

  private static Optional<Rule> cover(Rule rule, List<Rule> earlier) {
    // Every pair of rules is judged: the cheap questions come first, and without garbage.
    for (Rule first : earlier) {
      if (implied(first.path(), rule.path())
          && implied(first.host(), rule.host())
          && first.route().servesAllOf(rule.route())
          && implied(first.route().conditions().others(), rule.route().conditions().others())) {
        return Optional.of(first);
      }
    }
    return Optional.empty();
  }

  private static boolean implied(@Nullable Condition wanted, @Nullable Condition asked) {
    return wanted == null || (asked != null && wanted.impliedBy(asked));
  }

  private static boolean implied(List<Condition> wanted, List<Condition> asked) {
    for (Condition condition : wanted) {
      if (asked.stream().noneMatch(condition::impliedBy)) {
        return false;
      }
    }
    return true;
  }
}
