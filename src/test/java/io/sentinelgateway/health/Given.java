package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.yaml.ReadResult;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings out of a text, as users write them. */
final class Given {

  private Given() {}

  static ReadResult read(String health, String... addresses) {
    String targets =
        Stream.of(addresses)
            .map(address -> "{address: \"" + address + "\"}")
            .collect(Collectors.joining(", "));
    return Catalog.reader(name -> Optional.empty())
        .readText(
            "test.yaml",
            "version: 1\nlisteners: {web: {address: \":0\"}}\nroutes: {r: {forward: {upstream:"
                + " app}}}\nupstreams: {app: {targets: ["
                + targets
                + "], health: {"
                + health
                + "}}}\n");
  }

  /** The upstream {@code app} with these targets. */
  static UpstreamConfig upstream(String health, String... addresses) {
    return upstreams(health, addresses).upstreams().get("app");
  }

  static GatewayConfig upstreams(String health, String... addresses) {
    ReadResult known = read(health, addresses);
    assertThat(known.problems()).isEmpty();
    return known.config().orElseThrow();
  }

  static ProbeSettings active(String settings) {
    return upstream("active: {" + settings + "}", "a:1").health().active().orElseThrow();
  }
}
