package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.inquiry.Inquiry;
import io.sentinelgateway.inquiry.Question;
import io.sentinelgateway.inquiry.Reply;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code forward-auth}: asks an HTTP service whether a request may pass. Immutable; shared by all
 * loops.
 */
final class ForwardAuthFilter implements Filter, UsesUpstreams {

  /** Settings of {@code type: forward-auth}. */
  @Doc(
      "Asks an HTTP service whether a request may pass: it may when the answer is 2xx; any other"
          + " answer below 500 goes to the client as it is.")
  record Settings(
      @Doc("Id of the upstream that is asked.") String upstream,
      @Doc(value = "What is asked for; a template.", example = "/verify") @Default("\"{path}\"")
          Template path,
      @Doc("Method of the question: `get`, or the request's own.") @Default("get") Method method,
      @Doc("How long the answer may take.") @Default("1s") @Range(min = "1ms", max = "1m")
          Duration timeout,
      @Doc(
              "What becomes of a request when there is no answer, or one of 500 and above: `closed`"
                  + " refuses it, `open` lets it go on.")
          @Default("closed")
          AgentSettings.OnFailure onFailure,
      @Doc("Fields of the request that the service sees, besides `X-Forwarded-*`.")
          @Default("[authorization, cookie]")
          List<String> requestHeaders,
      @Doc(
              "Fields of a 2xx answer that the origin gets; what the client sent under these names it"
                  + " never gets.")
          @Default("[]")
          List<String> responseHeaders,
      @Doc("Fields of a 2xx answer that the client gets, such as `set-cookie`.") @Default("[]")
          List<String> clientHeaders)
      implements FilterSettings {

    /** How the service is asked. */
    enum Method {
      GET,
      ORIGINAL
    }

    @Override
    public void check(GatewayConfig config, Problems problems) {
      problems
          .at("upstream")
          .require(
              config.upstreams().containsKey(upstream),
              Suggestion.unknown("upstream", upstream, config.upstreams().keySet()));
      problems
          .at("path")
          .require(
              path.prefix().startsWith("/") || path.firstPlaceholder().equals("path"),
              path + " (expected: a path that starts with /)");
      names(requestHeaders, problems.at("request-headers"));
      names(responseHeaders, problems.at("response-headers"));
      names(clientHeaders, problems.at("client-headers"));
    }

    private static void names(List<String> names, Problems problems) {
      names.forEach(name -> FieldNames.check(name, problems));
    }
  }

  private static final Set<String> WITHOUT_CONTENT = Set.of("content-length", "content-encoding");
  private static final List<String> FORWARDING =
      List.of("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-request-id");

  private final Settings settings;
  private final Upstream upstream;

  ForwardAuthFilter(Settings settings, FilterWiring wiring) {
    this.settings = settings;
    this.upstream = wiring.upstream(settings.upstream());
  }

  @Override
  public boolean upToDate(Function<String, Upstream> current) {
    return upstream.equals(current.apply(upstream.id()));
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    Inquiry inquiry = new Inquiry(exchange, upstream, question(exchange));
    Promise<ProxyResponse> result = Promise.promise();
    exchange.onCancel(
        reason -> {
          inquiry.cancel();
          result.tryFail(reason.toException());
        });
    long asked = exchange.loop().nanoTime();
    inquiry
        .begin(settings.timeout())
        .onComplete(
            said -> {
              exchange.onCancel(null);
              exchange.record().agentNanos += exchange.loop().nanoTime() - asked;
              Future<ProxyResponse> answer =
                  said.succeeded()
                      ? judge(exchange, next, said.result())
                      : failed(exchange, next, said.cause());
              answer.onComplete(result);
            });
    return result.future();
  }

  private Question question(Exchange exchange) {
    MultiMap from = exchange.head().fields();
    MultiMap fields = HttpHeaders.headers();
    FORWARDING.forEach(name -> copy(from, fields, name));
    settings.requestHeaders().forEach(name -> copy(from, fields, name));
    String query = exchange.head().query();
    String path = exchange.head().path();
    fields.set("x-forwarded-method", exchange.head().method());
    fields.set("x-forwarded-uri", query == null ? path : path + '?' + query);
    WITHOUT_CONTENT.forEach(fields::remove);
    String method = settings.method() == Settings.Method.GET ? "GET" : exchange.head().method();
    return new Question(
        method, Location.path(settings.path().render(exchange, Escape.URI)), fields);
  }

  private static void copy(MultiMap from, MultiMap to, String name) {
    List<String> values = from.getAll(name);
    if (!values.isEmpty()) {
      to.set(name.toLowerCase(Locale.ROOT), values);
    }
  }

  private Future<ProxyResponse> judge(Exchange exchange, Handler next, Reply reply) {
    if (reply.status() >= 500) {
      String detail = upstream.id() + ": status " + reply.status();
      return failed(
          exchange, next, ProxyError.of(Cause.AUTHORIZER_UNAVAILABLE, detail).toException());
    }
    if (reply.status() >= 300) {
      return denied(exchange, reply);
    }
    MultiMap fields = exchange.head().fields();
    for (String name : settings.responseHeaders()) {
      fields.remove(name);
      copy(reply.fields(), fields, name);
    }
    if (!settings.clientHeaders().isEmpty()) {
      exchange.beforeHead((own, answer) -> toClient(reply, answer));
    }
    return next.handle(exchange);
  }

  private void toClient(Reply reply, ProxyResponse answer) {
    for (String name : settings.clientHeaders()) {
      answer.fields().add(name, reply.fields().getAll(name));
    }
  }

  private static Future<ProxyResponse> denied(Exchange exchange, Reply reply) {
    exchange.record().error = ProxyError.of(Cause.DENIED_BY_AUTHORIZER, "status " + reply.status());
    ProxyResponse response = exchange.response().status(reply.status());
    response.fields().addAll(reply.fields());
    response.body(reply.content().length() == 0 ? Body.NONE : new Body.Bytes(reply.content()));
    return Future.succeededFuture(response);
  }

  private Future<ProxyResponse> failed(Exchange exchange, Handler next, Throwable cause) {
    if (settings.onFailure() == AgentSettings.OnFailure.CLOSED) {
      return Future.failedFuture(cause);
    }
    settings.responseHeaders().forEach(exchange.head().fields()::remove);
    return next.handle(exchange);
  }
}
