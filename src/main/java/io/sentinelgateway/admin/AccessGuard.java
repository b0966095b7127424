package io.sentinelgateway.admin;

import io.sentinelgateway.config.AdminConfig;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Secret;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may call an endpoint. Confined to the administration listener's event loop.
 *
 * <p>Three attacks are met. A stranger who reaches the port: where a token is configured,
 * everything but the probes needs it. A web page in the operator's browser that sends a request to
 * the loopback address (CSRF): browsers say where such a request comes from, and then nothing is
 * changed. A web page whose host name was pointed at the loopback address after it was loaded (DNS
 * rebinding): its requests carry that name in Host, so without a token only loopback names and the
 * configured one are answered.
 */
final class AccessGuard {

  private static final String BEARER = "bearer ";

  private final Supplier<AdminConfig> config;

  AccessGuard(Supplier<AdminConfig> config) {
    this.config = config;
  }

  /** Lets the request pass to the endpoint, or answers. */
  void check(RoutingContext context, Endpoint endpoint) {
    HttpServerRequest request = context.request();
    if (hasContent(request)) {
      Answers.error(context, 413, "content_too_large", "no endpoint takes content");
    } else if (!endpoint.takes(request.method())) {
      context.response().putHeader(HttpHeaders.ALLOW, endpoint.allow());
      Answers.error(context, 405, "method_not_allowed", "expected: " + endpoint.allow());
    } else if (endpoint.open()) {
      context.next();
    } else if (authorized(context, config.get()) && ownPage(context)) {
      context.next();
    }
  }

  private static boolean hasContent(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.equals("0"));
  }

  private static boolean authorized(RoutingContext context, AdminConfig config) {
    Secret token = config.token().orElse(null);
    if (token == null) {
      if (ownName(context.request().authority(), config.address())) {
        return true;
      }
      Answers.error(context, 403, "host_not_allowed", "Host must be a loopback address");
      return false;
    }
    String credentials = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    if (credentials != null && bearer(credentials) && matches(token, credentials)) {
      return true;
    }
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"sentinel admin\"");
    Answers.error(context, 401, "unauthorized", "expected: Authorization: Bearer and the token");
    return false;
  }

  /** The scheme's name is case-insensitive, RFC 9110 section 11.1. */
  private static boolean bearer(String credentials) {
    return credentials.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private static boolean matches(Secret token, String credentials) {
    return token.matches(credentials.substring(BEARER.length()).strip());
  }

  private static boolean ownName(@Nullable HostAndPort authority, Address address) {
    if (authority == null) {
      return false;
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return bare.equals("localhost")
        || bare.equals("::1")
        || bare.matches("127(\\.[0-9]{1,3}){3}")
        || bare.equals(address.host().toLowerCase(Locale.ROOT));
  }

  private static boolean ownPage(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
      return true;
    }
    String site = request.getHeader("Sec-Fetch-Site");
    boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
    if (foreign || request.headers().contains(HttpHeaders.ORIGIN)) {
      Answers.error(context, 403, "cross_site", "a web page may not do this");
      return false;
    }
    return true;
  }
}
