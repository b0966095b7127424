package io.sentinelgateway.forward;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.filter.RewriteSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code forward: {upstream: shop, …}} */
@Doc("Sends the request to an upstream.")
public record ForwardSettings(
    @Doc("Id of the upstream.") String upstream,
    @Doc("From the choice of the route to the last byte of the answer; absent: no limit.")
        Optional<Duration> timeout,
    @Doc("Changes of the target that is sent.") Optional<RewriteSettings> rewrite,
    @Doc("When a failed request is sent again.") @Default("{}") RetrySettings retry)
    implements HandlerSettings {

  @Override
  public void check(GatewayConfig config, Problems problems) {
    problems
        .at("upstream")
        .require(
            config.upstreams().containsKey(upstream),
            Suggestion.unknown("upstream", upstream, config.upstreams().keySet()));
    rewrite.ifPresent(r -> r.check(problems.at("rewrite")));
    for (int i = 0; i < retry.on().size(); i++) {
      String word = retry.on().get(i);
      problems
          .at("retry")
          .at("on")
          .at(i)
          .require(
              RetryRule.WORDS.contains(word) || word.matches("429|5[0-9][0-9]"),
              '"'
                  + word
                  + "\" (expected: "
                  + String.join(", ", RetryRule.WORDS)
                  + ", 429, or 5xx)");
    }
  }

  /** When a failed request is sent again. */
  public record RetrySettings(
      @Doc("Tries in all, the first included; 1 turns retries off.")
          @Default("3")
          @Range(min = "1", max = "10")
          int attempts,
      @Doc(
              "What is retried: `connect-failure` (nothing was sent: any method), `reset` (before a"
                  + " head) and `timeout` (of the head), or a status; idempotent methods only.")
          @Default("[connect-failure, reset]")
          List<String> on,
      @Doc("Retries under way at once, as a share of the requests under way, per event loop.")
          @Default("20%")
          Percent budget,
      @Doc("Retries under way at once that are always allowed, per event loop.")
          @Default("3")
          @Range(min = "0", max = "10000")
          int budgetMinimum) {}
}
