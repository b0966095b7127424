package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the bytes of a listener's connections go. */
public record PassthroughConfig(
    @Doc(
            "Upstreams by the name that a TLS client asks for (SNI): a host name, or `*.` and one"
                + " for any single label before it. TLS itself is not touched.")
        @Default("{}")
        Map<String, String> serverNames,
    @Doc("The upstream of all other connections; absent: they are closed.")
        Optional<String> upstream,
    @Doc("Without a byte in either direction.") @Default("1h") @Range(min = "10ms", max = "24h")
        Duration idleTimeout,
    @Doc("Targets that are tried for one connection, each once, until one can be connected to.")
        @Default("3")
        @Range(min = "1", max = "100")
        int attempts) {

  private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern NAME = Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");

  void check(GatewayConfig config, Problems problems) {
    problems.require(
        upstream.isPresent() || !serverNames.isEmpty(),
        "leads nowhere (expected: upstream, server-names, or both)");
    upstream.ifPresent(id -> known(id, config, problems.at("upstream")));
    serverNames.forEach(
        (name, id) -> {
          Problems at = problems.at("server-names").at(name);
          at.require(
              name.length() <= 253 && NAME.matcher(name).matches(),
              name + " (expected: a host name in lower case, or *. and one)");
          known(id, config, at);
        });
  }

  private static void known(String id, GatewayConfig config, Problems at) {
    UpstreamConfig named = config.upstreams().get(id);
    if (named == null) {
      at.error(Suggestion.unknown("upstream", id, config.upstreams().keySet()));
    } else {
      at.require(
          named.tls().isEmpty(),
          id + " has tls, and bytes are passed as they are (expected: an upstream without tls)");
    }
  }

  /**
   * Id of the upstream for clients that ask for this name: exact, then wildcard, then the default.
   *
   * @param name in lower case; empty when none was asked for
   */
  public Optional<String> upstreamFor(String name) {
    String id = serverNames.get(name);
    int dot = name.indexOf('.');
    if (id == null && dot > 0) {
      id = serverNames.get("*" + name.substring(dot));
    }
    return id == null ? upstream : Optional.of(id);
  }
}
