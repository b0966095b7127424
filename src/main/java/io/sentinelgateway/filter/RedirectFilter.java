package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Escape;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code redirect}: sends the client to the canonical scheme, host, port or path, and lets requests
 * pass that are there already; so {@code {type: redirect, scheme: https}} may stand on every
 * listener. The answer always names scheme and host, so that no path can be taken for a host.
 * Immutable; shared by all loops.
 */
final class RedirectFilter implements Filter, Pure {

  /** The two schemes of HTTP. */
  enum Scheme {
    HTTP,
    HTTPS
  }

  /** Settings of {@code type: redirect}. */
  @Doc("Sends the client elsewhere unless the request is for the right place already.")
  record Settings(
      @Doc("The right scheme; absent: any.") Optional<Scheme> scheme,
      @Doc(value = "The right host, without port; absent: any.", example = "www.example.com")
          Optional<String> host,
      @Doc("The right port; absent: any, and the scheme's own one when scheme or host change.")
          @Range(min = "1", max = "65535")
          Optional<Integer> port,
      @Doc(value = "The right path; a template; absent: any.", example = "/v2{path}")
          Optional<Template> path,
      @Doc("301, 302, 303, 307 or 308; 307 and 308 keep the method.") @Default("308") int status,
      @Doc("Carry the query over.") @Default("true") boolean keepQuery)
      implements FilterSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      Location.checkStatus(status, problems.at("status"));
      host.ifPresent(
          h ->
              problems
                  .at("host")
                  .require(
                      h.matches("[a-z0-9._-]{1,253}|\\[[0-9a-f:.]{2,45}\\]"),
                      h + " (expected: a host in lower case, without port)"));
      path.ifPresent(
          p ->
              problems
                  .at("path")
                  .require(
                      p.prefix().startsWith("/"), p + " (expected: a path that starts with /)"));
      problems.require(
          scheme.isPresent() || host.isPresent() || port.isPresent() || path.isPresent(),
          "leads nowhere (expected: scheme, host, port or path)");
    }
  }

  private final Settings settings;
  private final @Nullable String scheme;

  RedirectFilter(Settings settings, FilterWiring wiring) {
    this.settings = settings;
    this.scheme = settings.scheme().map(s -> s == Scheme.HTTPS ? "https" : "http").orElse(null);
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    RequestHead head = exchange.head();
    if (!head.path().startsWith("/") || head.host().isEmpty()) {
      return next.handle(exchange);
    }
    String there = origin(head);
    String path =
        settings.path().isPresent()
            ? Location.path(settings.path().get().render(exchange, Escape.URI))
            : head.path();
    if (path.equals(head.path()) && there.equals(origin(head.scheme(), host(head), port(head)))) {
      return next.handle(exchange);
    }
    boolean query = settings.keepQuery() && head.query() != null;
    String location = there + path + (query ? "?" + head.query() : "");
    return Location.answer(exchange, settings.status(), location);
  }

  private String origin(RequestHead head) {
    String toScheme = scheme == null ? head.scheme() : scheme;
    String toHost = settings.host().orElse(host(head));
    boolean moved = !toScheme.equals(head.scheme()) || !toHost.equals(host(head));
    int toPort = settings.port().orElse(moved ? Location.defaultPort(toScheme) : port(head));
    return origin(toScheme, toHost, toPort);
  }

  private static String origin(String scheme, String host, int port) {
    String suffix = port == Location.defaultPort(scheme) ? "" : ":" + port;
    return scheme + "://" + host + suffix;
  }

  private static String host(RequestHead head) {
    return head.host().indexOf(':') >= 0 ? '[' + head.host() + ']' : head.host();
  }

  private static int port(RequestHead head) {
    return head.port() > 0 ? head.port() : Location.defaultPort(head.scheme());
  }
}
