package io.sentinelgateway.cli;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small origin server inside the process, so that the first curl after cloning is answered. It is
 * started only for the configuration as it came, and only when nothing else listens there.
 */
final class DemoOrigin {

  private static final Logger LOG = LoggerFactory.getLogger(DemoOrigin.class);
  private static final String UPSTREAM = "demo";

  private DemoOrigin() {}

  static void startIfWanted(Path path, GatewayConfig config) {
    UpstreamConfig demo = config.upstreams().get(UPSTREAM);
    if (!path.toString().equals(ConfigOption.DEFAULT) || demo == null) {
      return;
    }
    Address address = demo.targets().get(0).address();
    if (address.loopback() && !address.unix()) {
      Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
      vertx
          .createHttpServer()
          .requestHandler(DemoOrigin::answer)
          .listen(address.port(), address.host())
          .onSuccess(server -> LOG.info("demo origin on {}", address))
          .onFailure(e -> LOG.info("no demo origin: something listens on {} already", address))
          .otherwiseEmpty()
          .await();
    }
  }

  private static void answer(HttpServerRequest request) {
    JsonObject fields = new JsonObject();
    request.headers().forEach(field -> fields.put(field.getKey(), field.getValue()));
    JsonObject answer =
        new JsonObject()
            .put("hello", "from the demo origin behind Sentinel Gateway")
            .put("method", request.method().name())
            .put("target", request.uri())
            .put("fields", fields);
    request
        .response()
        .putHeader("content-type", "application/json")
        .end(answer.encodePrettily() + "\n");
  }
}
