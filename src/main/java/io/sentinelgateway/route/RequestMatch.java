package io.sentinelgateway.route;

import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.schema.Problems;

/**
 * What a route's {@code match:} asks, for others who ask the same of a request. Immutable; any
 * thread.
 */
public final class RequestMatch {

  private final Condition condition;
  private final String description;

  private RequestMatch(Condition condition, String description) {
    this.condition = condition;
    this.description = description;
  }

  /**
   * Adds an error for each part that cannot be used.
   *
   * @param problems stands at the match itself
   */
  public static void check(MatchConfig match, Problems problems) {
    int before = problems.list().size();
    match.check(problems);
    if (problems.list().size() == before) {
      RouteCompiler.check(match, problems);
    }
  }

  /** Compiles a match that {@link #check} found no fault in. Off the request path. */
  public static RequestMatch of(MatchConfig match) {
    Conditions conditions = Conditions.of(match);
    return new RequestMatch(conditions.all(), conditions.describe());
  }

  public boolean matches(RequestHead head) {
    return condition.matches(new Subject(head));
  }

  /** For users: {@code headers x-canary 1}. */
  public String describe() {
    return description;
  }
}
