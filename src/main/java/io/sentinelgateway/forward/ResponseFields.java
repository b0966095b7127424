package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;

/** What the head of an origin's answer means, and how it is handed on. */
final class ResponseFields {

  private ResponseFields() {}

  static void write(HttpClientResponse from, ProxyResponse to) {
    HopByHop.copyEndToEnd(from.headers(), to.fields(), ConnectionOptions.of(from.headers()));
    to.status(from.statusCode());
  }

  /** The fields of an interim answer or a trailer section that are meant for the client. */
  static MultiMap endToEnd(MultiMap from) {
    if (from.isEmpty()) {
      return from;
    }
    MultiMap fields = HttpHeaders.headers();
    HopByHop.copyEndToEnd(from, fields, ConnectionOptions.of(from));
    return fields;
  }

  /** RFC 9112 section 6.3: answers that end with their head, whatever their fields say. */
  static boolean withoutContent(String method, HttpClientResponse response) {
    int status = response.statusCode();
    return status == 204
        || status == 304
        || method.equals("HEAD")
        || "0".equals(response.headers().get(HttpHeaders.CONTENT_LENGTH));
  }

  /** RFC 9112 section 9.3. */
  static boolean keepsConnection(HttpClientResponse response) {
    ConnectionOptions options = ConnectionOptions.of(response.headers());
    return response.version() == HttpVersion.HTTP_1_1
        ? !options.close()
        : options.keepAlive() && !options.close();
  }
}
