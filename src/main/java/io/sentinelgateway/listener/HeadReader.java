package io.sentinelgateway.listener;

import io.sentinelgateway.config.ListenerConfig.LimitsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.http.Authority;
import io.sentinelgateway.http.ClientAddress;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.http.RequestRules;
import io.sentinelgateway.http.RequestTarget;
import io.sentinelgateway.http.Violation;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exchange of a request: judges its head, normalises its target, decides who is believed
 * to have sent it. Confined to one event loop.
 */
final class HeadReader {

  private final Loop loop;
  private final LimitsConfig limits;
  private final long contentLimit;

  HeadReader(Loop loop, LimitsConfig limits) {
    this.loop = loop;
    this.limits = limits;
    this.contentLimit = limits.contentBytes().map(size -> size.bytes()).orElse(Long.MAX_VALUE);
  }

  /** Always an exchange; when its record holds an error, the request must be refused. */
  Exchange read(HttpServerRequest request, ClientConnection connection, RuntimeSnapshot snapshot) {
    MultiMap fields = request.headers();
    Client client = connection.client(fields, snapshot.trusted());
    String requestId =
        RequestIds.of(fields, client, snapshot.config().server().requestId(), loop.random());
    String upgrade = applyConnection(request, fields, connection);
    IncomingContent content = new IncomingContent(request, contentLimit);
    ProxyError refusal = judge(request, fields, content);
    RequestHead head = null;
    if (refusal == null) {
      boolean merge = snapshot.config().server().mergeSlashes();
      RequestTarget target = RequestTarget.parse(target(request), request.method().name(), merge);
      refusal = target.violation().none() ? null : error(target.violation());
      if (refusal == null) {
        head = head(request, target, client);
        refusal = judge(head, connection);
      }
    }
    if (head == null) {
      head = unread(request, client);
    }
    Exchange exchange = new Exchange(request, head, client, content, loop);
    exchange.record().requestId = requestId;
    exchange.record().error = refusal;
    exchange.upgrade(upgrade);
    return exchange;
  }

  /**
   * Does what Connection says. What it names goes before a filter adds fields of the gateway's own.
   *
   * @return protocols that the client would change to; {@code null} for none
   */
  private static @Nullable String applyConnection(
      HttpServerRequest request, MultiMap fields, ClientConnection connection) {
    if (request.version() == HttpVersion.HTTP_2) {
      return null;
    }
    ConnectionOptions options = ConnectionOptions.of(fields);
    options.removeNamed(fields);
    if (request.version() == HttpVersion.HTTP_1_0) {
      // RFC 9110 sections 7.8 and 10.1.1: both are ignored, and an origin must not wait for content
      // that comes anyway.
      fields.remove(HttpHeaders.EXPECT);
      return null;
    }
    return options.upgrade() && !options.close() && connection.undecided(fields)
        ? fields.get(HttpHeaders.UPGRADE)
        : null;
  }

  /** CONNECT has none in HTTP/2 (RFC 9113 section 8.5). */
  private static String target(HttpServerRequest request) {
    return Objects.requireNonNullElse(request.uri(), "");
  }

  private @Nullable ProxyError judge(
      HttpServerRequest request, MultiMap fields, IncomingContent content) {
    if (target(request).length() > limits.targetBytes().bytes()) {
      return ProxyError.of(Cause.TARGET_TOO_LONG, "limits.target-bytes " + limits.targetBytes());
    }
    String method = request.method().name();
    boolean http11 = request.version() == HttpVersion.HTTP_1_1;
    Violation violation =
        request.version() == HttpVersion.HTTP_2
            ? RequestRules.http2(method, fields, limits.headerCount())
            : RequestRules.http1(method, http11, fields, limits.headerCount());
    if (!violation.none()) {
      return error(violation);
    }
    if (content.tooLarge()) {
      return ProxyError.of(Cause.CONTENT_TOO_LARGE, "limits.content-bytes " + contentLimit);
    }
    return null;
  }

  private static @Nullable ProxyError judge(
      @Nullable RequestHead head, ClientConnection connection) {
    if (head == null) {
      return ProxyError.of(Cause.MALFORMED_REQUEST, "Host (expected: one host[:port])");
    }
    return connection.covers(head.host()) ? null : ProxyError.of(Cause.MISDIRECTED, "client-auth");
  }

  private ProxyError error(Violation violation) {
    return switch (violation.kind()) {
      case TOO_MANY_FIELDS ->
          ProxyError.of(
              Cause.HEADER_FIELDS_TOO_LARGE, "limits.header-count " + limits.headerCount());
      case EXPECTATION -> ProxyError.of(Cause.EXPECTATION_FAILED, violation.detail());
      case METHOD_NOT_IMPLEMENTED ->
          ProxyError.of(Cause.METHOD_NOT_IMPLEMENTED, violation.detail());
      default -> ProxyError.of(Cause.MALFORMED_REQUEST, violation.detail());
    };
  }

  /** {@code null} when the authority is malformed. */
  private @Nullable RequestHead head(
      HttpServerRequest request, RequestTarget target, Client client) {
    MultiMap fields = request.headers();
    String host = fields.get(HttpHeaders.HOST);
    Optional<Authority> authority = RequestRules.authority(target, host);
    if (authority.isEmpty() && host != null) {
      return null;
    }
    if (target.authority() != null) {
      fields.set(HttpHeaders.HOST, text(target.authority()));
    }
    String name = authority.isPresent() ? authority.get().host() : "";
    int port = authority.isPresent() ? authority.get().port() : -1;
    return new RequestHead(
        request.method().name(),
        scheme(fields, client),
        name,
        port,
        target.path(),
        target.query(),
        fields,
        client.address());
  }

  private static String scheme(MultiMap fields, Client client) {
    String own = client.secure() ? "https" : "http";
    return client.trusted() ? ClientAddress.scheme(fields).orElse(own) : own;
  }

  private static String text(Authority authority) {
    String host =
        authority.host().indexOf(':') >= 0 ? '[' + authority.host() + ']' : authority.host();
    return authority.port() < 0 ? host : host + ':' + authority.port();
  }

  /** Stands in for a head that could not be read. */
  private static RequestHead unread(HttpServerRequest request, Client client) {
    return new RequestHead(
        request.method().name(),
        client.secure() ? "https" : "http",
        "",
        -1,
        "/",
        null,
        request.headers(),
        client.address());
  }
}
