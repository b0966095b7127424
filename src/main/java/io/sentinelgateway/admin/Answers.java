package io.sentinelgateway.admin;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The forms in which the endpoints answer. Stateless. */
final class Answers {

  static final String JSON = "application/json";
  static final String TEXT = "text/plain; charset=utf-8";
  static final String YAML = "application/yaml; charset=utf-8";

  private Answers() {}

  static void json(RoutingContext context, int status, JsonObject body) {
    send(context, status, JSON, body.encodePrettily() + '\n');
  }

  static void json(RoutingContext context, JsonArray body) {
    send(context, 200, JSON, body.encodePrettily() + '\n');
  }

  static void error(RoutingContext context, int status, String code, String detail) {
    json(context, status, new JsonObject().put("error", code).put("detail", detail));
  }

  static void send(RoutingContext context, int status, String type, String body) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
    }
  }
}
