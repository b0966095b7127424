package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule in a table: its rank, and those of its conditions that the index does not answer.
 * Immutable; shared by all loops.
 */
final class Candidate {

  /** Comes after every other: nothing was found. */
  static final Candidate NONE = new Candidate(Integer.MAX_VALUE, Optional.empty(), List.of());

  static final Candidate[] NOBODY = {};

  private final int rank;
  private final Optional<Route> route;
  private final Condition[] conditions;

  private Candidate(int rank, Optional<Route> route, List<Condition> conditions) {
    this.rank = rank;
    this.route = route;
    this.conditions = conditions.toArray(Condition[]::new);
  }

  static Candidate of(Rule rule, int rank) {
    List<Condition> left = new ArrayList<>(rule.route().conditions().others());
    if (rule.path() instanceof PathCondition.Regex regex) {
      left.add(regex);
    }
    if (rule.host() instanceof HostCondition.Regex regex) {
      left.add(regex);
    }
    return new Candidate(rank, Optional.of(rule.route()), left);
  }

  /** Made once: finding a route allocates nothing for its answer. */
  Optional<Route> route() {
    return route;
  }

  /** The first of a list, which is in order, that holds and comes before the best so far. */
  static Candidate better(Candidate[] ordered, Subject request, Candidate best) {
    for (Candidate candidate : ordered) {
      if (candidate.rank >= best.rank) {
        return best;
      }
      if (candidate.holds(request)) {
        return candidate;
      }
    }
    return best;
  }

  private boolean holds(Subject request) {
    for (Condition condition : conditions) {
      if (!condition.matches(request)) {
        return false;
      }
    }
    return true;
  }
}
