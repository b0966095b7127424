package io.sentinelgateway.cli;

import io.sentinelgateway.verticle.Gateway;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** What a gateway says when it is ready. */
final class StartLine {

  private StartLine() {}

  static String of(Gateway gateway, String version, long millis) {
    JsonObject status = gateway.status();
    JsonObject listeners = status.getJsonObject("listeners");
    String open =
        listeners.stream()
            .map(listener -> listener.getKey() + " on " + address((JsonObject) listener.getValue()))
            .collect(Collectors.joining(", "));
    return "sentinel "
        + version
        + " is ready after "
        + millis
        + " ms: "
        + open
        + "; admin on "
        + address(gateway.firstConfig().admin().address().toString(), gateway.adminPort())
        + "; transport "
        + status.getString("transport")
        + (status.containsKey("tls") ? "; tls " + status.getString("tls") : "")
        + "; java "
        + Runtime.version();
  }

  private static String address(JsonObject listener) {
    Integer port = listener.getInteger("port");
    return address(listener.getString("address"), port == null ? 0 : port);
  }

  /** With the port that was chosen when the configuration left it open. */
  private static String address(String address, int port) {
    return address.endsWith(":0") ? address.substring(0, address.length() - 1) + port : address;
  }
}
