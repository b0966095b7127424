package io.sentinelgateway.agent;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** What the gateway says to agents. Stateless. */
final class Messages {

  private static final String CORRELATION_ID = "correlation_id";

  private Messages() {}

  static Buffer handshake() {
    return new JsonObject()
        .put("supported_versions", new JsonArray().add(2))
        .put("proxy_id", "sentinel-gateway")
        .put("proxy_version", "2")
        .putNull("config")
        .put("supported_encodings", new JsonArray().add("json"))
        .toBuffer();
  }

  static Buffer requestHeaders(Exchange exchange, String id) {
    RequestHead head = exchange.head();
    return new JsonObject()
        .put(CORRELATION_ID, id)
        .put("metadata", metadata(exchange, id))
        .put("method", exchange.method())
        .put("uri", exchange.target())
        .put("headers", fields(head.fields()))
        .toBuffer();
  }

  private static JsonObject metadata(Exchange exchange, String id) {
    ExchangeRecord record = exchange.record();
    JsonObject metadata =
        new JsonObject()
            .put(CORRELATION_ID, id)
            .put("request_id", record.requestId)
            .put("client_ip", exchange.client().addressText())
            .put("client_port", exchange.client().peerPort())
            .put("server_name", exchange.head().host())
            .put("protocol", exchange.version() == HttpVersion.HTTP_2 ? "HTTP/2" : "HTTP/1.1")
            .putNull("tls_version")
            .putNull("tls_cipher")
            .put("route_id", record.route)
            .put("upstream_id", record.upstream)
            .put("timestamp", Instant.ofEpochMilli(exchange.loop().currentTimeMillis()).toString());
    String trace = exchange.head().fields().get("traceparent");
    return trace == null ? metadata : metadata.put("traceparent", trace);
  }

  static Buffer requestBody(String id, BodyChunk chunk) {
    return new JsonObject()
        .put(CORRELATION_ID, id)
        .put("data", Base64.getEncoder().encodeToString(chunk.bytes().getBytes()))
        .put("is_last", chunk.last())
        .put("total_size", chunk.total() < 0 ? null : chunk.total())
        .put("chunk_index", chunk.index())
        .put("bytes_received", chunk.before() + chunk.bytes().length())
        .toBuffer();
  }

  static Buffer responseHeaders(Exchange exchange, String id) {
    return new JsonObject()
        .put(CORRELATION_ID, id)
        .put("status", exchange.response().status())
        .put("headers", fields(exchange.response().fields()))
        .toBuffer();
  }

  static Buffer ping(long sequence, long timeMillis) {
    return new JsonObject().put("sequence", sequence).put("timestamp_ms", timeMillis).toBuffer();
  }

  static Buffer cancel(String id, CancelReason reason, long timeMillis) {
    return new JsonObject()
        .put(CORRELATION_ID, id)
        .put("reason", reason.code)
        .put("timestamp_ms", timeMillis)
        .toBuffer();
  }

  /** Names in lower case, each with its values in order. */
  private static JsonObject fields(MultiMap fields) {
    JsonObject json = new JsonObject();
    for (Map.Entry<String, String> line : fields) {
      String name = line.getKey().toLowerCase(Locale.ROOT);
      JsonArray values = json.getJsonArray(name);
      if (values == null) {
        json.put(name, new JsonArray().add(line.getValue()));
      } else {
        values.add(line.getValue());
      }
    }
    return json;
  }

  /** Why nobody waits for an answer any more; in the protocol's order. */
  enum CancelReason {
    CLIENT_DISCONNECT(0),
    TIMEOUT(1);

    private final int code;

    CancelReason(int code) {
      this.code = code;
    }
  }
}
