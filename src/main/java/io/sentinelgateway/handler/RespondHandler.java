package io.sentinelgateway.handler;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.filter.FieldNames;
import io.sentinelgateway.filter.FieldValue;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code respond}: answers with a fixed status and text, or with what the gateway says about
 * itself. Immutable; shared by all loops.
 */
final class RespondHandler implements Handler, Pure {

  /** Settings of {@code respond}. */
  @Doc("Answers itself: with a fixed text, or with what the gateway says about itself.")
  record Settings(
      @Doc("Status of the answer.") @Default("200") @Range(min = "200", max = "599") int status,
      @Doc("Content; a template. Values are escaped when the content is JSON or HTML.")
          Optional<Template> body,
      @Doc("Media type of `body`.") @Default("text/plain; charset=utf-8") String contentType,
      @Doc("Fields of the answer; templates, or `file:/path`.") @Default("{}")
          Map<String, FieldValue> headers,
      @Doc("Instead of `body`: what the gateway says about itself.") Optional<Builtin> builtin)
      implements HandlerSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      headers.keySet().forEach(name -> FieldNames.check(name, problems.at("headers").at(name)));
      problems
          .at("builtin")
          .require(
              builtin.isEmpty() || (body.isEmpty() && status == 200),
              "has a status and content of its own (expected: no status or body beside it)");
      boolean empty = status == 204 || status == 205 || status == 304;
      problems
          .at("body")
          .require(body.isEmpty() || !empty, "cannot go with status " + status + " (RFC 9110)");
      problems
          .at("content-type")
          .require(
              contentType.matches("[!-~]+/[!-~]+( ?;[ -~]+)?"),
              contentType + " (expected: a media type)");
    }
  }

  private final Settings settings;
  private final @Nullable Template body;
  private final Body.@Nullable Bytes fixed;
  private final Escape escape;
  private final @Nullable Builtin builtin;
  private final GatewayStatus gateway;

  RespondHandler(Settings settings, HandlerWiring wiring) {
    this.settings = settings;
    this.body = settings.body().orElse(null);
    this.fixed =
        settings
            .body()
            .filter(Template::constant)
            .map(t -> new Body.Bytes(Buffer.buffer(t.prefix())))
            .orElse(null);
    this.escape = escape(settings.contentType());
    this.builtin = settings.builtin().orElse(null);
    this.gateway = wiring.status();
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    ProxyResponse response = exchange.response();
    MultiMap fields = response.fields();
    for (Map.Entry<String, FieldValue> field : settings.headers().entrySet()) {
      fields.set(field.getKey(), field.getValue().render(exchange));
    }
    if (builtin != null) {
      return builtin.answer(response, gateway);
    }
    response.status(settings.status());
    if (body != null) {
      fields.set(HttpHeaders.CONTENT_TYPE, settings.contentType());
      response.body(
          fixed != null ? fixed : new Body.Bytes(Buffer.buffer(body.render(exchange, escape))));
    }
    return Future.succeededFuture(response);
  }

  private static Escape escape(String contentType) {
    if (contentType.contains("json")) {
      return Escape.JSON;
    }
    return contentType.contains("html") || contentType.contains("xml") ? Escape.HTML : Escape.FIELD;
  }
}
