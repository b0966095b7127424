package io.sentinelgateway.handler;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.schema.Doc;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;

/** What the gateway says about itself. Stateless; any thread. */
enum Builtin {
  @Doc("200: the process runs.")
  HEALTH,
  @Doc("200 while requests are welcome, else 503.")
  READY,
  @Doc("Version, configuration and listeners, as JSON.")
  STATUS,
  @Doc("Name and version, as JSON.")
  VERSION,
  @Doc("404, in the form of every error of the gateway.")
  NOT_FOUND;

  Future<ProxyResponse> answer(ProxyResponse response, GatewayStatus gateway) {
    // The answer is about this moment only.
    response.fields().set(HttpHeaders.CACHE_CONTROL, "no-store");
    return switch (this) {
      case HEALTH -> text(response, 200, "ok\n");
      case READY ->
          gateway.ready() ? text(response, 200, "ready\n") : text(response, 503, "not ready\n");
      case STATUS -> json(response, gateway.status());
      case VERSION ->
          json(
              response,
              new JsonObject().put("name", "sentinel-gateway").put("version", gateway.version()));
      case NOT_FOUND ->
          Future.failedFuture(
              ProxyError.of(ProxyError.Cause.NOT_FOUND, "answered by the route").toException());
    };
  }

  private static Future<ProxyResponse> text(ProxyResponse response, int status, String text) {
    response.fields().set(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
    return Future.succeededFuture(
        response.status(status).body(new Body.Bytes(Buffer.buffer(text))));
  }

  private static Future<ProxyResponse> json(ProxyResponse response, JsonObject json) {
    response.fields().set(HttpHeaders.CONTENT_TYPE, "application/json");
    return Future.succeededFuture(response.status(200).body(new Body.Bytes(json.toBuffer())));
  }
}
