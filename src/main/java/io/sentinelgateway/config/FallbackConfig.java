package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Another upstream that answers when this one cannot. */
public record FallbackConfig(
    @Doc("Its id.") String upstream,
    @Doc(
            "When it answers: `no-target`, `breaker-open`, `overloaded` (a limit), `failure` (no"
                + " attempt brought an answer), or a status; the last two only where the request"
                + " can be sent again.")
        @Default("[no-target, breaker-open, overloaded]")
        List<String> on) {

  /** Words of {@code on}; statuses beside. */
  public static final List<String> WORDS =
      List.of("no-target", "breaker-open", "overloaded", "failure");

  void check(String of, Map<String, UpstreamConfig> upstreams, Problems problems) {
    problems
        .at("upstream")
        .require(
            upstreams.containsKey(upstream),
            Suggestion.unknown("upstream", upstream, upstreams.keySet()));
    problems
        .at("upstream")
        .require(!leadsTo(of, upstreams), upstream + " leads back to " + of + " (a circle)");
    problems.at("on").require(!on.isEmpty(), "none (expected: at least one)");
    for (int i = 0; i < on.size(); i++) {
      String word = on.get(i);
      problems
          .at("on")
          .at(i)
          .require(
              WORDS.contains(word) || word.matches("429|5[0-9][0-9]"),
              '"' + word + "\" (expected: " + String.join(", ", WORDS) + ", 429, or 5xx)");
    }
  }

  /** Whether the fallback of the fallback, and so on, is this one. */
  private boolean leadsTo(String id, Map<String, UpstreamConfig> upstreams) {
    Set<String> seen = new LinkedHashSet<>();
    String next = upstream;
    while (!next.equals(id) && seen.add(next) && upstreams.containsKey(next)) {
      FallbackConfig further = upstreams.get(next).fallback().orElse(null);
      if (further == null) {
        return false;
      }
      next = further.upstream();
    }
    return next.equals(id);
  }
}
