package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule at one place of a table: its rank, those of its conditions that the index does not answer,
 * and the next candidate of the same place. Immutable; shared by all loops.
 *
 * <p>A list of links, not an array: nearly every place holds one candidate, and with many routes
 * each step through memory is a miss of the processor's cache.
 */
final class Candidate {

  /** Comes after every other: nothing was found. */
  static final Candidate NONE = new Candidate(Integer.MAX_VALUE, Optional.empty(), List.of(), null);

  private final int rank;
  private final Optional<Route> route;
  private final List<Condition> conditions;
  private final @Nullable Candidate next;

  private Candidate(
      int rank, Optional<Route> route, List<Condition> conditions, @Nullable Candidate next) {
    this.rank = rank;
    this.route = route;
    this.conditions = conditions;
    this.next = next;
  }

  /** Made once: finding a route allocates nothing for its answer. */
  Optional<Route> route() {
    return route;
  }

  /** The first of a list, which is in order, that holds and comes before the best so far. */
  static Candidate better(@Nullable Candidate first, Subject request, Candidate best) {
    for (Candidate c = first; c != null && c.rank < best.rank; c = c.next) {
      if (c.holds(request)) {
        return c;
      }
    }
    return best;
  }

  private boolean holds(Subject request) {
    // By index: an iterator would be the lookup's only other garbage.
    for (int i = 0; i < conditions.size(); i++) {
      if (!conditions.get(i).matches(request)) {
        return false;
      }
    }
    return true;
  }

  /** Rules that stand at one place, added in order. Confined to one thread. */
  static final class Place {

    private final List<Ranked> rules = new ArrayList<>(1);

    void add(Ranked rule) {
      rules.add(rule);
    }

    /** {@code null} for an empty place. */
    @Nullable Candidate build() {
      Candidate first = null;
      for (int i = rules.size() - 1; i >= 0; i--) {
        Ranked rule = rules.get(i);
        first = new Candidate(rule.rank, rule.route, rule.conditions, first);
      }
      return first;
    }
  }

  /** A rule with what its candidates have in common. */
  record Ranked(Rule rule, int rank, Optional<Route> route, List<Condition> conditions) {

    static List<Ranked> of(List<Rule> rules) {
      // Equal lists of conditions, of which there are few, become one, which stays in the cache.
      Map<List<Condition>, List<Condition>> shared = new HashMap<>();
      List<Ranked> ranked = new ArrayList<>(rules.size());
      for (Rule rule : rules) {
        List<Condition> conditions = shared.computeIfAbsent(rule.unindexed(), list -> list);
        ranked.add(new Ranked(rule, ranked.size(), Optional.of(rule.route()), conditions));
      }
      return ranked;
    }
  }
}
