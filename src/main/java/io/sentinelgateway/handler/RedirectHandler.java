package io.sentinelgateway.handler;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.filter.Location;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;

/**
 * {@code redirect}: sends the client elsewhere. Immutable; shared by all loops.
 *
 * <p>No value of a request can choose the host: a reference without host is kept from being read as
 * one that has it, and after a host the settings must go on with a slash or {@code {path}}.
 */
final class RedirectHandler implements Handler, Pure {

  /** Settings of {@code redirect}. */
  @Doc("Sends the client elsewhere.")
  record Settings(
      @Doc(
              value = "Where to; a path, or a URI of http or https; a template.",
              example = "https://www.example.com{path}")
          Template to,
      @Doc("301, 302, 303, 307 or 308; 307 and 308 keep the method.") @Default("308") int status,
      @Doc("Carry the query over, unless `to` has one.") @Default("true") boolean keepQuery)
      implements HandlerSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      Location.checkStatus(status, problems.at("status"));
      problems
          .at("to")
          .require(
              relative() || absolute(),
              to
                  + " (expected: /path, {path}, or http:// or https://, a host,"
                  + " and then a slash or {path})");
    }

    private boolean relative() {
      return to.prefix().startsWith("/")
          || (to.prefix().isEmpty() && to.firstPlaceholder().equals("path"));
    }

    private boolean absolute() {
      String prefix = to.prefix();
      if (!prefix.matches("https?://.*")) {
        return false;
      }
      String rest = prefix.substring(prefix.indexOf("//") + 2);
      boolean hostEnds = rest.indexOf('/') > 0;
      boolean hostNamed = rest.matches("[A-Za-z0-9.:_\\[\\]-]+");
      String first = to.firstPlaceholder();
      return hostEnds
          || (hostNamed && (to.constant() || first.equals("path")))
          || (rest.isEmpty() && first.equals("host"));
    }
  }

  private final Template to;
  private final int status;
  private final boolean relative;
  private final boolean appendQuery;

  RedirectHandler(Settings settings, HandlerWiring wiring) {
    this.to = settings.to();
    this.status = settings.status();
    this.relative = settings.relative();
    boolean ownQuery = settings.to().literals().stream().anyMatch(l -> l.indexOf('?') >= 0);
    this.appendQuery = settings.keepQuery() && !ownQuery;
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    String rendered = to.render(exchange, Escape.URI);
    String location = relative ? Location.path(rendered) : rendered;
    String query = appendQuery ? exchange.head().query() : null;
    return Location.answer(exchange, status, query == null ? location : location + '?' + query);
  }
}
