package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Body.Source;
import io.sentinelgateway.exchange.Exchange;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer of an exchange as an interceptor sees it. Confined to the exchange's event loop. */
final class InterceptedResponse implements ProxyResponse {

  private static final String NO_CLIENT_RESPONSE =
      "the gateway's answer is no HttpClientResponse; use the ProxyResponse itself";

  private final Exchange exchange;
  private final ProxyRequest request;
  private final AnswerContent original;
  private @Nullable Body body;

  /** The answer that the handler gave. */
  InterceptedResponse(Exchange exchange, ProxyRequest request) {
    this.exchange = exchange;
    this.request = request;
    this.original = new AnswerContent(exchange);
    this.body = original;
  }

  /** An answer without content that takes the place of one that is there already. */
  static InterceptedResponse fresh(Exchange exchange, ProxyRequest request) {
    InterceptedResponse response = new InterceptedResponse(exchange, request);
    response.release();
    exchange.response().status(200);
    return response;
  }

  boolean of(Exchange candidate) {
    return candidate == exchange;
  }

  /** Makes the changes of the content, which are kept here until the answer is sent. */
  void commit() {
    Body changed = body;
    if (changed == original) {
      return;
    }
    headers().remove(HttpHeaders.CONTENT_LENGTH);
    if (changed == null) {
      original.cancelUnlessTaken();
      exchange.response().body(io.sentinelgateway.exchange.Body.NONE);
      return;
    }
    Source source = new ReplacedAnswer(exchange.loop().vertx(), changed, original);
    original.cancelUnlessTaken();
    if (changed.mediaType() != null) {
      headers().set(HttpHeaders.CONTENT_TYPE, changed.mediaType());
    }
    exchange.response().body(source);
  }

  @Override
  public ProxyRequest request() {
    return request;
  }

  @Override
  public int getStatusCode() {
    return exchange.response().status();
  }

  @Override
  public ProxyResponse setStatusCode(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(status + " (expected: a final status, 200 to 599)");
    }
    exchange.response().status(status);
    return this;
  }

  @Override
  public String getStatusMessage() {
    return exchange.request().response().getStatusMessage();
  }

  @Override
  public ProxyResponse setStatusMessage(String reason) {
    exchange.request().response().setStatusMessage(reason);
    return this;
  }

  @Override
  public MultiMap headers() {
    return exchange.response().fields();
  }

  @Override
  public ProxyResponse putHeader(CharSequence name, CharSequence value) {
    headers().set(name, value);
    return this;
  }

  @Override
  public @Nullable Body getBody() {
    return body;
  }

  @Override
  public ProxyResponse setBody(@Nullable Body changed) {
    body = changed;
    return this;
  }

  @Override
  public HttpClientResponse proxiedResponse() {
    throw new UnsupportedOperationException(NO_CLIENT_RESPONSE);
  }

  @Override
  public boolean publicCacheControl() {
    return directive("public") != null;
  }

  /** Milliseconds of {@code max-age} of a public answer; -1 when it says none. */
  @Override
  public long maxAge() {
    String seconds = publicCacheControl() ? directive("max-age") : null;
    boolean number =
        seconds != null
            && !seconds.isEmpty()
            && seconds.length() <= 10
            && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Long.parseLong(seconds) * 1000 : -1;
  }

  /** The argument of a Cache-Control directive, maybe empty; {@code null} when it is not there. */
  private @Nullable String directive(String word) {
    for (String line : headers().getAll(HttpHeaders.CACHE_CONTROL)) {
      for (String item : line.toLowerCase(Locale.ROOT).split(",")) {
        int equals = item.indexOf('=');
        if (word.equals((equals < 0 ? item : item.substring(0, equals)).strip())) {
          return equals < 0 ? "" : item.substring(equals + 1).strip().replace("\"", "");
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable String etag() {
    return headers().get(HttpHeaders.ETAG);
  }

  @Override
  public Future<Void> send() {
    throw new UnsupportedOperationException(
        "the gateway sends the answer; call sendResponse() of the context");
  }

  @Override
  public ProxyResponse release() {
    original.cancelUnlessTaken();
    exchange.response().body(io.sentinelgateway.exchange.Body.NONE);
    headers().clear();
    body = null;
    return this;
  }
}
