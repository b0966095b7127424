package io.sentinelgateway.split;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.UnreadContent;
import io.sentinelgateway.forward.ForwardSettings;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Splits from YAML by the reader that users' files go through, and requests for them. */
final class SplitFixture {

  private SplitFixture() {}

  /**
   * @param forward the settings of the route's handler, in braces
   */
  static Split split(String forward) {
    GatewayConfig config = read(forward).config().orElseThrow();
    Map<String, Upstream> upstreams = new UpstreamRegistry().prepare(config);
    ForwardSettings settings = (ForwardSettings) config.routes().get("all").handler();
    return new Split(settings.split(), settings.sticky().orElse(null), upstreams::get);
  }

  /** Every problem as users see it, without the position. */
  static List<String> problems(String forward) {
    return read(forward).problems().stream().map(SplitFixture::line).toList();
  }

  private static String line(Problem problem) {
    return problem.path().replace("routes.all.forward", "") + ": " + problem.message();
  }

  private static ReadResult read(String forward) {
    return Catalog.reader(name -> Optional.empty())
        .readText(
            "test.yaml",
            """
            version: 1
            listeners: {web: {address: ":8080"}}
            upstreams:
              shop: {targets: [{address: "localhost:9001"}]}
              next: {targets: [{address: "localhost:9002"}]}
              lab: {targets: [{address: "localhost:9003"}]}
            routes: {all: {forward: %s}}
            """
                .formatted(forward));
  }

  /** GET / with these field lines, such as {@code X-User: a}. */
  static Exchange request(Loop loop, String... lines) {
    MultiMap fields = HttpHeaders.headers();
    for (String line : lines) {
      String[] parts = line.split(": ", 2);
      fields.add(parts[0], parts[1]);
    }
    InetAddress local = InetAddress.getLoopbackAddress();
    RequestHead head = new RequestHead("GET", "http", "a.example", -1, "/", null, fields, local);
    Client client = new Client(local, 4711, local, false, false);
    return Exchange.imagined(head, client, UnreadContent.NONE, loop);
  }
}
