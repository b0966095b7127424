package io.sentinelgateway.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.filter.FilterKinds;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds handlers from YAML by the reader that users' files go through. */
final class HandlerFixture {

  /** What the gateway says about itself in tests. */
  record Status(boolean ready) implements GatewayStatus {
    @Override
    public String version() {
      return "1.2.3";
    }

    @Override
    public JsonObject status() {
      return new JsonObject().put("config", "4f2a91c");
    }
  }

  private HandlerFixture() {}

  static Handler handler(Vertx vertx, String yaml) {
    return handler(vertx, yaml, new Status(true));
  }

  static Handler handler(Vertx vertx, String yaml, GatewayStatus status) {
    ReadResult result = read(yaml);
    assertThat(result.problems()).isEmpty();
    return HandlerKinds.create(settings(yaml), wiring(vertx, status));
  }

  static HandlerSettings settings(String yaml) {
    return read(yaml).config().orElseThrow().routes().get("it").handler();
  }

  /** Every problem as users see it, without the position. */
  static List<String> problems(String yaml) {
    return read(yaml).problems().stream().map(HandlerFixture::line).toList();
  }

  private static String line(Problem problem) {
    return problem.path().replace("routes.it.", "") + ": " + problem.message();
  }

  private static ReadResult read(String yaml) {
    List<Kind<?, ?, ?>> kinds = new ArrayList<>(FilterKinds.ALL);
    kinds.addAll(HandlerKinds.ALL);
    kinds.addAll(BalancerKinds.ALL);
    String text =
        """
        version: 1
        listeners: {web: {address: ":8080"}}
        routes: {it: {%s}}
        """
            .formatted(yaml);
    return new ConfigReader(kinds, name -> Optional.empty()).readText("test.yaml", text);
  }

  private static HandlerWiring wiring(Vertx vertx, GatewayStatus status) {
    return new HandlerWiring() {
      @Override
      public Vertx vertx() {
        return vertx;
      }

      @Override
      public GatewayStatus status() {
        return status;
      }

      @Override
      public Upstream upstream(String id) {
        throw new IllegalArgumentException(id + ": there is no upstream here");
      }

      @Override
      public int loops() {
        return 1;
      }
    };
  }
}
