package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.Set;

/** What all redirects share (RFC 9110 section 15.4). Stateless. */
public final class Location {

  private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

  private Location() {}

  public static void checkStatus(int status, Problems problems) {
    problems.require(STATUSES.contains(status), status + " (expected: 301, 302, 303, 307 or 308)");
  }

  /**
   * A path that no client takes for a host: browsers read {@code //evil} and {@code /\evil} at the
   * start of a reference as one.
   */
  public static String path(String rendered) {
    int start = 0;
    while (start < rendered.length() && isSlash(rendered.charAt(start))) {
      start++;
    }
    return start <= 1 && rendered.startsWith("/") ? rendered : '/' + rendered.substring(start);
  }

  private static boolean isSlash(char c) {
    return c == '/' || c == '\\';
  }

  static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** Answers with the redirect. */
  public static Future<ProxyResponse> answer(Exchange exchange, int status, String location) {
    ProxyResponse response = exchange.response().status(status).body(Body.NONE);
    response.fields().set(HttpHeaders.LOCATION, location);
    return Future.succeededFuture(response);
  }
}
