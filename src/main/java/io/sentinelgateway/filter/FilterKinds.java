package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.schema.Kind;
import io.vertx.httpproxy.ProxyInterceptor;
import java.util.List;

/** All filters: one line each. Immutable. */
public final class FilterKinds {

  public static final List<Kind<?, FilterWiring, Filter>> ALL =
      List.of(
          new Kind<>("agent", AgentSettings.class, AgentFilter::new),
          new Kind<>(
              "client-certificate",
              ClientCertificateFilter.Settings.class,
              ClientCertificateFilter::new),
          new Kind<>("forward-auth", ForwardAuthFilter.Settings.class, ForwardAuthFilter::new),
          new Kind<>("forwarded", ForwardedFilter.Settings.class, ForwardedFilter::new),
          new Kind<>("headers", HeadersFilter.Settings.class, HeadersFilter::new),
          new Kind<>("interceptor", InterceptorFilter.Settings.class, InterceptorFilter::new),
          new Kind<>("redirect", RedirectFilter.Settings.class, RedirectFilter::new),
          new Kind<>("request-id", RequestIdFilter.Settings.class, RequestIdFilter::new),
          new Kind<>("rewrite", RewriteSettings.class, RewriteFilter::new),
          new Kind<>(
              "security-headers",
              SecurityHeadersFilter.Settings.class,
              SecurityHeadersFilter::new));

  private FilterKinds() {}

  /** The {@code type:} of such settings. */
  public static String word(FilterSettings settings) {
    return kind(settings).word();
  }

  /**
   * Builds the filter that such settings are for.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Filter create(FilterSettings settings, FilterWiring wiring) {
    return kind(settings).create(settings, wiring);
  }

  /** What routes get that do not name a {@code forwarded} filter: no claim of a client passes. */
  public static Filter forwarded(FilterWiring wiring) {
    return new ForwardedFilter(ForwardedFilter.Settings.standard(), wiring);
  }

  /** Whether a filter does what {@link #forwarded} does. */
  public static boolean forwarded(Filter filter) {
    return filter instanceof ForwardedFilter;
  }

  /** A filter that is an interceptor which exists already. */
  public static Filter interceptor(ProxyInterceptor interceptor) {
    return new InterceptorFilter(interceptor);
  }

  private static Kind<?, FilterWiring, Filter> kind(FilterSettings settings) {
    for (Kind<?, FilterWiring, Filter> kind : ALL) {
      if (kind.settings().isInstance(settings)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(settings.getClass().getName() + " (expected: a filter)");
  }
}
