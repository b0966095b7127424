package io.sentinelgateway.yaml;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.DiscoveryConfig;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.schema.Word;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small kinds with every form of key, so that the reader is tested without the real ones. */
final class TestKinds {

  private TestKinds() {}

  static List<Kind<?, ?, ?>> all() {
    return List.of(
        new Kind<>("round-robin", RoundRobin.class, (s, w) -> s),
        new Kind<>("sticky", Sticky.class, (s, w) -> s),
        new Kind<>("registry", Registry.class, (s, w) -> s),
        new Kind<>("rate-limit", RateLimit.class, (s, w) -> s),
        new Kind<>("headers", Headers.class, (s, w) -> s),
        new Kind<>("basic-auth", BasicAuth.class, (s, w) -> s),
        new Kind<>("redirect", RedirectFilter.class, (s, w) -> s),
        new Kind<>("forward", Forward.class, (s, w) -> s),
        new Kind<>("respond", Respond.class, (s, w) -> s),
        new Kind<>("redirect", Redirect.class, (s, w) -> s),
        new Kind<>("ping", Ping.class, (s, w) -> s));
  }

  @Doc("Each in turn.")
  record RoundRobin() implements BalancerSettings {}

  @Doc("The same client, the same target.")
  record Sticky(
      @Doc("Name of the cookie.") String cookie,
      @Doc("How long it lives.") @Default("1h") @Range(min = "1s") Duration maxAge)
      implements BalancerSettings {

    @Override
    public void check(ServerConfig server, Problems problems) {
      problems.at("cookie").require(!cookie.contains(" "), cookie + " (expected: a token)");
    }
  }

  @Doc("Asks a registry.")
  record Registry(@Doc("Its name.") String name, @Inlined DiscoveryConfig common)
      implements DiscoverySettings {}

  @Doc("So many requests in a while.")
  record RateLimit(
      @Doc("Requests.") @Range(min = "1", max = "1000") int rate,
      @Doc("In this while.") @Default("1s") Duration per,
      @Doc("Statuses that count.") @Default("[]") @Range(min = "100", max = "599")
          List<Integer> statuses,
      @Doc("Share that is let through anyway.") @Default("0%") @Range(max = "10%") Percent leak,
      @Doc("Factor.") @Default("1.5") @Range(min = "1", max = "9.5") double factor,
      @Doc("Bytes counted in all.") @Default("5000000000") long total)
      implements FilterSettings {}

  @Doc("Changes field lines.")
  record Headers(
      @Doc("Set these.") @Default("{}") Map<String, String> set,
      @Doc("Remove these.") @Default("[]") List<String> remove)
      implements FilterSettings {}

  @Doc("Asks for a password.")
  record BasicAuth(@Doc("The realm.") Optional<String> realm, @Doc("The password.") Secret password)
      implements FilterSettings {}

  @Doc("Sends some clients elsewhere.")
  record RedirectFilter(@Doc("Whereto.") String to) implements FilterSettings {}

  @Doc("Sends the request to an upstream.")
  record Forward(
      @Doc("Its id.") String upstream,
      @Doc("How long all attempts may take.") @Default("60s") @Range(min = "1ms", max = "1h")
          Duration timeout,
      @Doc("What to try again.") @Default("{}") Retry retry)
      implements HandlerSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      problems
          .at("upstream")
          .require(
              config.upstreams().containsKey(upstream),
              Suggestion.unknown("upstream", upstream, config.upstreams().keySet()));
    }
  }

  record Retry(
      @Doc("Attempts.") @Default("2") @Range(min = "1", max = "10") int attempts,
      @Doc("On what.") @Default("[connect-failure]") List<On> on) {

    enum On {
      CONNECT_FAILURE,
      RESET,
      @Word("503")
      UNAVAILABLE
    }
  }

  @Doc("Answers by itself.")
  record Respond(
      @Doc("The status.") @Default("200") @Range(min = "200", max = "599") int status,
      @Doc("The content.") @Default("") String body)
      implements HandlerSettings {

    Respond {
      if (status == 204 && !body.isEmpty()) {
        throw new IllegalArgumentException("204 with a body (expected: none)");
      }
    }
  }

  @Doc("Sends the client elsewhere.")
  record Redirect(@Doc("Whereto.") String to) implements HandlerSettings {}

  @Doc("Says hello.")
  record Ping(@Doc("What is said.") String word, @Inlined ActiveConfig checks)
      implements ProbeSettings {}
}
