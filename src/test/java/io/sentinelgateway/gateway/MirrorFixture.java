package io.sentinelgateway.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A gateway that sends requests to {@code shop} and copies of them to {@code audit}. */
final class MirrorFixture {

  private MirrorFixture() {}

  /**
   * @param mirror settings of the mirror after its upstream, each behind a comma
   * @param more settings of the handler
   */
  static GatewayFixture start(
      Path folder, ScriptedOrigin shop, ScriptedOrigin audit, String mirror, String... more)
      throws Exception {
    return start(folder, List.of(shop.address(), audit.address()), mirror, more);
  }

  /**
   * @param addresses of shop and audit
   */
  static GatewayFixture start(Path folder, List<String> addresses, String mirror, String... more)
      throws Exception {
    StringBuilder settings = new StringBuilder("mirror: {upstream: audit" + mirror + "}");
    for (String setting : more) {
      settings.append(", ").append(setting);
    }
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          shop: {targets: [{address: "%s"}]}
          audit: {targets: [{address: "%s"}], connections: {max: 2}}
        routes: {all: {forward: {upstream: shop, %s}}}
        """
            .formatted(addresses.get(0), addresses.get(1), settings));
  }

  /** Waits for so many copies. */
  static List<String> copies(ScriptedOrigin audit, int count) {
    return Eventually.value(audit::requests, requests -> requests.size() == count);
  }

  /**
   * Waits until so many copies ended that way.
   *
   * @param family {@code answers} or {@code dropped}
   */
  static void counts(GatewayFixture gateway, String family, String way, int count) {
    Eventually.value(() -> count(gateway, family, way), n -> n == count);
  }

  static double count(GatewayFixture gateway, String family, String way) throws IOException {
    String label = family.equals("answers") ? "result" : "reason";
    String labels = label + "=\"" + way + "\",upstream=\"audit\"";
    return gateway.metric("sentinel_mirror_" + family + "_total{" + labels + "}");
  }
}
