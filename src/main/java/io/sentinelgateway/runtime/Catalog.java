package io.sentinelgateway.runtime;

import io.sentinelgateway.balance.BalancerKinds;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.discovery.DiscoveryKinds;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.filter.FilterKinds;
import io.sentinelgateway.forward.ForwardHandler;
import io.sentinelgateway.forward.ForwardSettings;
import io.sentinelgateway.handler.HandlerKinds;
import io.sentinelgateway.handler.HandlerWiring;
import io.sentinelgateway.health.ProbeKinds;
import io.sentinelgateway.route.RouteCompiler;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.yaml.ConfigReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything that a configuration can name, and the reader that knows it. */
public final class Catalog {

  private static final Kind<ForwardSettings, HandlerWiring, Handler> FORWARD =
      new Kind<>(
          "forward",
          ForwardSettings.class,
          (settings, wiring) -> new ForwardHandler(settings, wiring::upstream, wiring.loops()));

  /** Every filter, handler, balancer, source of targets and check. */
  public static final List<Kind<?, ?, ?>> KINDS =
      Stream.<Kind<?, ?, ?>>concat(
              Stream.concat(FilterKinds.ALL.stream(), HandlerKinds.ALL.stream()),
              Stream.concat(
                  Stream.concat(Stream.of(FORWARD), ProbeKinds.ALL.stream()),
                  Stream.concat(BalancerKinds.ALL.stream(), DiscoveryKinds.ALL.stream())))
          .toList();

  private Catalog() {}

  /**
   * Reads configurations that may name anything of the catalog.
   *
   * @param environment looks up the variables of {@code ${NAME}}
   */
  public static ConfigReader reader(Function<String, Optional<String>> environment) {
    return new ConfigReader(KINDS, environment, Catalog::check);
  }

  private static void check(GatewayConfig config, Problems problems) {
    RouteCompiler.check(config.routes(), problems.at("routes"));
  }

  /**
   * Builds the handler that such settings are for.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static Handler handler(HandlerSettings settings, HandlerWiring wiring) {
    return FORWARD.settings().isInstance(settings)
        ? FORWARD.create(settings, wiring)
        : HandlerKinds.create(settings, wiring);
  }
}
