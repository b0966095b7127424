package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.http.Authority;
import io.sentinelgateway.http.NormalPath;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import org.jspecify.annotations.Nullable;

/** The request of an exchange as an interceptor sees it. Confined to the exchange's event loop. */
final class InterceptedRequest implements ProxyRequest {

  private final Exchange exchange;
  private final @Nullable Body original;
  private @Nullable Body body;
  private @Nullable HostAndPort authority;

  InterceptedRequest(Exchange exchange) {
    this.exchange = exchange;
    RequestBody content = exchange.content();
    this.original =
        content.present()
            ? Body.body(
                new RequestStream(content),
                content.length(),
                exchange.head().fields().get(HttpHeaders.CONTENT_TYPE))
            : null;
    this.body = original;
  }

  /** Makes the changes that are kept here until the request is sent. */
  void commit() {
    if (body == original) {
      return;
    }
    Body given = body == null ? Body.body(Buffer.buffer(), null) : body;
    RequestBody changed = new ReplacedContent(given, exchange.content());
    exchange.content(changed);
    MultiMap fields = exchange.head().fields();
    if (given.mediaType() != null) {
      fields.set(HttpHeaders.CONTENT_TYPE, given.mediaType());
    }
    if (changed.length() < 0) {
      fields.remove(HttpHeaders.CONTENT_LENGTH);
    } else {
      fields.set(HttpHeaders.CONTENT_LENGTH, Long.toString(changed.length()));
    }
  }

  @Override
  public HttpVersion version() {
    return exchange.request().version();
  }

  @Override
  public String absoluteURI() {
    return exchange.request().absoluteURI();
  }

  @Override
  public HttpMethod getMethod() {
    return HttpMethod.valueOf(exchange.method());
  }

  @Override
  public ProxyRequest setMethod(HttpMethod method) {
    if (!token(method.name()) || method.equals(HttpMethod.CONNECT)) {
      throw new IllegalArgumentException(method + " (expected: a method other than CONNECT)");
    }
    exchange.method(method.name());
    return this;
  }

  private static boolean token(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
  }

  @Override
  public String getURI() {
    return exchange.target();
  }

  /**
   * @throws IllegalArgumentException unless it is a request target in origin-form
   */
  @Override
  public ProxyRequest setURI(String uri) {
    int mark = uri.indexOf('?');
    NormalPath path = NormalPath.of(mark < 0 ? uri : uri.substring(0, mark), false);
    String query = mark < 0 ? null : uri.substring(mark + 1);
    if (!path.violation().none() || (query != null && !queryText(query))) {
      throw new IllegalArgumentException("URI (expected: an absolute path, maybe with a query)");
    }
    exchange.rewrite(path.path(), query);
    return this;
  }

  private static boolean queryText(String query) {
    return query.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
  }

  @Override
  public @Nullable Body getBody() {
    return body;
  }

  @Override
  public ProxyRequest setBody(@Nullable Body changed) {
    body = changed;
    return this;
  }

  @Override
  public ProxyRequest setAuthority(HostAndPort chosen) {
    String host = chosen.host().indexOf(':') >= 0 ? '[' + chosen.host() + ']' : chosen.host();
    String text = chosen.port() > 0 ? host + ':' + chosen.port() : chosen.host();
    if (Authority.parse(text).isEmpty()) {
      throw new IllegalArgumentException(text + " (expected: host or host:port)");
    }
    authority = chosen;
    exchange.authority(text);
    return this;
  }

  /** The one that was set; {@code null} while it is unchanged, as in the library. */
  @Override
  public @Nullable HostAndPort getAuthority() {
    return authority;
  }

  @Override
  public MultiMap headers() {
    return exchange.head().fields();
  }

  @Override
  public ProxyRequest putHeader(CharSequence name, CharSequence value) {
    headers().set(name, value);
    return this;
  }

  @Override
  public Future<ProxyResponse> send(HttpClientRequest request) {
    throw new UnsupportedOperationException(
        "the route's handler sends the request; call sendRequest() of the context");
  }

  @Override
  public ProxyRequest release() {
    if (body != null && body == original) {
      exchange.content().discard();
    }
    body = null;
    return this;
  }

  @Override
  public HttpServerRequest proxiedRequest() {
    return exchange.request();
  }

  /** An answer without content, for an interceptor that answers itself. */
  @Override
  public ProxyResponse response() {
    return InterceptedResponse.fresh(exchange, this);
  }
}
