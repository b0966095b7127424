package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route together with one of its kinds of host patterns: what is ordered, tried and shown.
 * Immutable; shared by all loops.
 *
 * @param host {@code null} for any host
 * @param fileOrder position of the route in the configuration
 */
record Rule(Route route, @Nullable HostCondition host, int fileOrder) {

  /** The total order; the first rule that holds wins. See the package's documentation. */
  static final Comparator<Rule> ORDER =
      Comparator.comparingInt((Rule rule) -> -rule.route.priority())
          .thenComparingInt(rule -> -rule.hostKind())
          .thenComparingInt(rule -> -rule.pathKind())
          .thenComparingInt(rule -> -rule.literalStart())
          .thenComparingInt(rule -> -rule.templateRank())
          .thenComparingInt(rule -> -rule.route.conditions().others().size())
          .thenComparingInt(Rule::fileOrder);

  /** The rules of some routes, in order. */
  static List<Rule> sorted(List<Route> routes) {
    List<Rule> rules = new ArrayList<>(routes.size());
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      List<HostCondition> hosts = route.conditions().hosts();
      if (hosts.isEmpty()) {
        rules.add(new Rule(route, null, i));
      }
      for (HostCondition host : hosts) {
        rules.add(new Rule(route, host, i));
      }
    }
    rules.sort(ORDER);
    return List.copyOf(rules);
  }

  @Nullable PathCondition path() {
    return route.conditions().path();
  }

  /** Everything that must hold, in the order it is shown. */
  List<Condition> conditions() {
    List<Condition> all = new ArrayList<>();
    if (host != null) {
      all.add(host);
    }
    if (path() != null) {
      all.add(path());
    }
    all.addAll(route.conditions().others());
    return all;
  }

  /** Those of its conditions that an index by host and path does not answer, cheapest first. */
  List<Condition> unindexed() {
    List<Condition> left = new ArrayList<>(route.conditions().others());
    if (path() instanceof PathCondition.Regex regex) {
      left.add(regex);
    }
    if (host instanceof HostCondition.Regex regex) {
      left.add(regex);
    }
    return List.copyOf(left);
  }

  /** What put it where it stands, for users. */
  String rank() {
    List<String> words = new ArrayList<>();
    words.add("priority " + route.priority());
    words.add(host == null ? "any host" : host.describe());
    words.add(path() == null ? "any path" : path().describe());
    words.add("other conditions: " + route.conditions().others().size());
    return String.join(", ", words);
  }

  private int hostKind() {
    return host == null ? 0 : host.kind();
  }

  private int pathKind() {
    return path() == null ? 0 : path().kind();
  }

  private int literalStart() {
    return path() == null ? 0 : path().literalStart();
  }

  /** A template comes before a prefix of the same beginning; the one that says more, first. */
  private int templateRank() {
    if (path() instanceof PathTemplate template) {
      return 2 + 2 * template.literals() - (template.takesRest() ? 1 : 0);
    }
    return 0;
  }
}
