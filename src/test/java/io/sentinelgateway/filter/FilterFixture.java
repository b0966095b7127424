package io.sentinelgateway.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.handler.HandlerKinds;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds filters from YAML by the reader that users' files go through. */
final class FilterFixture {

  private FilterFixture() {}

  static Filter filter(String yaml) {
    return filter(yaml, new Plugins(Path.of("no-such-folder")));
  }

  static Filter filter(String yaml, Plugins plugins) {
    ReadResult result = read(yaml);
    assertThat(result.problems()).isEmpty();
    GatewayConfig config = result.config().orElseThrow();
    return FilterKinds.create(config.filters().get("it"), wiring(config.server(), plugins));
  }

  static FilterSettings settings(String yaml) {
    return read(yaml).config().orElseThrow().filters().get("it");
  }

  /** Every problem as users see it, without the position. */
  static List<String> problems(String yaml) {
    return read(yaml).problems().stream().map(FilterFixture::line).toList();
  }

  private static String line(Problem problem) {
    return problem.path().replace("filters.it.", "") + ": " + problem.message();
  }

  private static ReadResult read(String yaml) {
    List<Kind<?, ?, ?>> kinds = new ArrayList<>(FilterKinds.ALL);
    kinds.addAll(HandlerKinds.ALL);
    kinds.addAll(BalancerKinds.ALL);
    String text =
        """
        version: 1
        server: {name: edge}
        listeners: {web: {address: ":8080"}}
        filters: {it: %s}
        routes: {all: {respond: {}, filters: [it]}}
        """
            .formatted(yaml);
    return new ConfigReader(kinds, name -> Optional.empty()).readText("test.yaml", text);
  }

  private static FilterWiring wiring(ServerConfig server, Plugins plugins) {
    return new FilterWiring() {
      @Override
      public Upstream upstream(String id) {
        throw new UnsupportedOperationException("no upstreams here");
      }

      @Override
      public Agent agent(String id) {
        throw new UnsupportedOperationException("no agents here");
      }

      @Override
      public ServerConfig server() {
        return server;
      }

      @Override
      public Plugins plugins() {
        return plugins;
      }
    };
  }
}
