package io.sentinelgateway.exchange;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer while the gateway holds them. Confined to the event loop that accepted
 * the request; never handed to another thread.
 */
public final class Exchange {

  private final @Nullable HttpServerRequest request;
  private final RequestHead head;
  private final Client client;
  private RequestBody content;
  private final Loop loop;
  private final ExchangeRecord record;
  private final ProxyResponse response;
  private List<ResponseHook> hooks = List.of();
  private Map<String, String> pathParameters = Map.of();
  private String path;
  private @Nullable String query;
  private @Nullable Consumer<ProxyError> cancellation;
  private boolean cancelled;
  private String method;
  private @Nullable String authority;
  private @Nullable String upgrade;

  public Exchange(
      HttpServerRequest request, RequestHead head, Client client, RequestBody content, Loop loop) {
    this(request, request.response().headers(), head, client, new Arrival(content, loop));
  }

  private Exchange(
      @Nullable HttpServerRequest request,
      MultiMap responseFields,
      RequestHead head,
      Client client,
      Arrival arrival) {
    this.request = request;
    this.head = head;
    this.client = client;
    this.content = arrival.content();
    this.loop = arrival.loop();
    this.record = new ExchangeRecord();
    this.response = new ProxyResponse(responseFields);
    this.path = head.path();
    this.query = head.query();
    this.method = head.method();
  }

  /** Where a request came in and what comes behind its head. */
  private record Arrival(RequestBody content, Loop loop) {}

  /** An exchange that never was: to see what parts that are {@link Pure} would make of it. */
  public static Exchange imagined(RequestHead head, Client client, RequestBody content, Loop loop) {
    return new Exchange(null, HttpHeaders.headers(), head, client, new Arrival(content, loop));
  }

  /**
   * The library's view; for interceptors and the response writer.
   *
   * @throws IllegalStateException when the exchange is imagined
   */
  public HttpServerRequest request() {
    if (request == null) {
      throw new IllegalStateException("an imagined exchange has no request");
    }
    return request;
  }

  /** The protocol version that the client speaks. */
  public HttpVersion version() {
    return request == null ? HttpVersion.HTTP_1_1 : request.version();
  }

  /** What was asked for; never changes, so it is what logs and templates show. */
  public RequestHead head() {
    return head;
  }

  public Client client() {
    return client;
  }

  public RequestBody content() {
    return content;
  }

  /** Replaces the content that will be sent to the origin. */
  public void content(RequestBody replacement) {
    content = replacement;
  }

  /** Method that will be sent to the origin; the client's unless an interceptor changed it. */
  public String method() {
    return method;
  }

  /** Replaces the method that will be sent to the origin; must be a token. */
  public void method(String token) {
    method = token;
  }

  /** Authority that an interceptor chose for the origin; {@code null}: the route decides. */
  public @Nullable String authority() {
    return authority;
  }

  /** Chooses the authority that will be sent to the origin; must be {@code host[:port]}. */
  public void authority(String chosen) {
    authority = chosen;
  }

  /**
   * Protocols that the client would change to; those of them that the route allows, once it is
   * found.
   */
  public @Nullable String upgrade() {
    return upgrade;
  }

  /** Sets what {@link #upgrade} says; {@code null}: the request is one of HTTP and nothing else. */
  public void upgrade(@Nullable String protocols) {
    upgrade = protocols;
  }

  public Loop loop() {
    return loop;
  }

  public ExchangeRecord record() {
    return record;
  }

  public String requestId() {
    return record.requestId;
  }

  /** Segments that the route's path template named; empty for other routes. */
  public Map<String, String> pathParameters() {
    return pathParameters;
  }

  public void pathParameters(Map<String, String> named) {
    pathParameters = named;
  }

  /** Path that will be sent to the origin; the matched one unless a filter rewrote it. */
  public String path() {
    return path;
  }

  /** Raw query that will be sent to the origin; {@code null} for none. */
  public @Nullable String query() {
    return query;
  }

  /** Replaces what will be sent to the origin. The path must be normalised. */
  public void rewrite(String newPath, @Nullable String newQuery) {
    path = newPath;
    query = newQuery;
  }

  /** The request target in origin-form, as it will be sent. */
  public String target() {
    return query == null ? path : path + '?' + query;
  }

  /** The exchange's one answer. */
  public ProxyResponse response() {
    return response;
  }

  /** Registers a change of the answer's head; hooks run in reverse order of registration. */
  public void beforeHead(ResponseHook hook) {
    if (hooks.isEmpty()) {
      hooks = new ArrayList<>(4);
    }
    hooks.add(hook);
  }

  /** Runs the hooks; called by the response writer, once, just before the head goes out. */
  public void runHooks() {
    for (int i = hooks.size() - 1; i >= 0; i--) {
      hooks.get(i).beforeHead(this, response);
    }
  }

  /** What to do when the exchange is given up; replaces what was registered before. */
  public void onCancel(@Nullable Consumer<ProxyError> action) {
    cancellation = action;
  }

  /** True once the client has left or a deadline has passed: work for it is wasted. */
  public boolean cancelled() {
    return cancelled;
  }

  /** Gives the exchange up, for this reason. Only the first call counts. */
  public void cancel(ProxyError reason) {
    if (!cancelled) {
      cancelled = true;
      Consumer<ProxyError> action = cancellation;
      cancellation = null;
      if (action != null) {
        action.accept(reason);
      }
    }
  }
}
