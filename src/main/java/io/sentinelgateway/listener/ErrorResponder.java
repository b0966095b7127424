package io.sentinelgateway.listener;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.http.Accept;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The only writer of error answers: JSON, HTML or plain text, as the client prefers. Stateless. */
final class ErrorResponder {

  private static final String GRPC = "application/grpc";
  private static final String JSON = "application/json";
  private static final String HTML = "text/html";
  private static final String TEXT = "text/plain";
  private static final List<String> OFFERED = List.of(JSON, HTML, TEXT);

  private ErrorResponder() {}

  /** Turns the exchange's answer into the error's. */
  static ProxyResponse answer(Exchange exchange, ProxyError error, String gatewayName) {
    ProxyResponse response = exchange.response();
    MultiMap fields = response.fields();
    if (exchange.record().answeredNanos != 0) {
      // What an origin said of its own answer is not true of this one.
      fields.clear();
    }
    if (grpc(exchange)) {
      return trailersOnly(response, error, gatewayName);
    }
    String accept = exchange.head().fields().get(HttpHeaders.ACCEPT);
    String type = Accept.preferred(accept == null ? "" : accept, OFFERED);
    Buffer body = Buffer.buffer(text(type, error, exchange.requestId()));
    fields.set(HttpHeaders.CONTENT_TYPE, type + "; charset=utf-8");
    fields.set(HttpHeaders.CACHE_CONTROL, "no-store");
    fields.set("proxy-status", proxyStatus(error, gatewayName));
    if (error.retryAfterSeconds() > 0) {
      fields.set(HttpHeaders.RETRY_AFTER, Integer.toString(error.retryAfterSeconds()));
    }
    return response.status(error.status()).body(new Body.Bytes(body));
  }

  /** True for a call of gRPC, which exists over HTTP/2 only. */
  static boolean grpc(Exchange exchange) {
    if (exchange.version() != HttpVersion.HTTP_2) {
      return false;
    }
    String type = exchange.head().fields().get(HttpHeaders.CONTENT_TYPE);
    return type != null
        && type.startsWith(GRPC)
        && (type.length() == GRPC.length() || "+;".indexOf(type.charAt(GRPC.length())) >= 0);
  }

  /** One field section and nothing else: what gRPC calls Trailers-Only. */
  private static ProxyResponse trailersOnly(
      ProxyResponse response, ProxyError error, String gatewayName) {
    response
        .fields()
        .set(HttpHeaders.CONTENT_TYPE, GRPC)
        .set("grpc-status", Integer.toString(GrpcStatus.of(error)))
        .set("grpc-message", GrpcStatus.message(error.code() + ": " + detail(error)))
        .set("proxy-status", proxyStatus(error, gatewayName));
    return response.status(200).body(Body.NONE);
  }

  /**
   * A whole answer as bytes, for a client whose request could not be read. Its connection is closed
   * behind it.
   */
  static byte[] lastWords(ProxyError error, String gatewayName) {
    String body = shortJson(error);
    String answer =
        "HTTP/1.1 "
            + HttpResponseStatus.valueOf(error.status())
            + "\r\nconnection: close\r\ncache-control: no-store\r\ncontent-type: "
            + JSON
            + "; charset=utf-8\r\nproxy-status: "
            + proxyStatus(error, gatewayName)
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    return answer.getBytes(StandardCharsets.US_ASCII);
  }

  /** Answers a request of which there is no exchange. */
  static void refuse(HttpServerResponse out, ProxyError error, String gatewayName) {
    out.setStatusCode(error.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON + "; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("proxy-status", proxyStatus(error, gatewayName))
        .end(shortJson(error));
  }

  private static String shortJson(ProxyError error) {
    return new JsonObject()
            .put("status", error.status())
            .put("reason", error.code())
            .put("detail", error.detail())
            .encode()
        + "\n";
  }

  private static String proxyStatus(ProxyError error, String gatewayName) {
    return gatewayName
        + "; error="
        + error.cause().proxyStatus()
        + "; details=\""
        + error.code()
        + '"';
  }

  private static String text(String type, ProxyError error, String requestId) {
    return switch (type) {
      case HTML -> html(error, requestId);
      case TEXT ->
          error.status() + " " + error.code() + ": " + detail(error) + "\n" + requestId + "\n";
      default ->
          new JsonObject()
                  .put("status", error.status())
                  .put("reason", error.code())
                  .put("detail", detail(error))
                  .put("request-id", requestId)
                  .encode()
              + "\n";
    };
  }

  /** Names of origin servers are nobody's business outside; the log has them, by the request id. */
  private static String detail(ProxyError error) {
    return switch (error.source()) {
      case UPSTREAM -> "the origin server did not answer as it should";
      case AGENT ->
          error.status() == 403 ? "the request was denied" : "the request could not be judged";
      case CLIENT, GATEWAY -> error.detail();
    };
  }

  private static String html(ProxyError error, String requestId) {
    String title = error.status() + " " + error.code();
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
        + title
        + "</title></head>\n<body><h1>"
        + title
        + "</h1><p>"
        + escape(detail(error))
        + "</p><p><small>"
        + requestId
        + "</small></p></body></html>\n";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
