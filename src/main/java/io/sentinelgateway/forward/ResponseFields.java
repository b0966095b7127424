package io.sentinelgateway.forward;

import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** How the fields of an origin's answer are handed on. */
final class ResponseFields {

  private ResponseFields() {}

  /** Leaves what is meant for the client. */
  static void adapt(MultiMap fields, int status) {
    HopByHop.removeFrom(fields, ConnectionOptions.of(fields));
    if (status == 204) {
      // RFC 9110 section 8.6: must not be sent.
      fields.remove(HttpHeaders.CONTENT_LENGTH);
    }
  }

  /** The fields of an interim answer or a trailer section that are meant for the other side. */
  static MultiMap endToEnd(MultiMap from) {
    if (from.isEmpty()) {
      return from;
    }
    MultiMap fields = HttpHeaders.headers();
    HopByHop.copyEndToEnd(from, fields, ConnectionOptions.of(from));
    return fields;
  }
}
