package io.sentinelgateway.admin;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * One path of the administration listener. Immutable.
 *
 * @param method the one it takes; GET takes HEAD too
 * @param path exact, but for {@code :name}, which stands for one segment
 * @param open true when it needs no token: a probe of a container runtime has none
 * @param summary what it answers, in a few words
 * @param handler answers
 */
record Endpoint(
    HttpMethod method, String path, boolean open, String summary, Handler<RoutingContext> handler) {

  static Endpoint get(String path, String summary, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, false, summary, handler);
  }

  static Endpoint probe(String path, String summary, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, true, summary, handler);
  }

  static Endpoint post(String path, String summary, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.POST, path, false, summary, handler);
  }

  boolean takes(HttpMethod asked) {
    return asked.equals(method) || (method.equals(HttpMethod.GET) && asked.equals(HttpMethod.HEAD));
  }

  /** Value of the Allow field, RFC 9110 section 10.2.1. */
  String allow() {
    return method.equals(HttpMethod.GET) ? "GET, HEAD" : method.name();
  }
}
