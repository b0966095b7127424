package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.exchange.ResponseHook;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code security-headers}: fields that tell browsers to be careful. Immutable; shared by all
 * loops.
 */
final class SecurityHeadersFilter implements Filter, Pure {

  /** Whether browsers may guess media types. */
  enum ContentTypeOptions {
    NOSNIFF,
    OFF
  }

  /** Who may show the answer in a frame. */
  enum FrameOptions {
    DENY,
    SAMEORIGIN,
    OFF
  }

  /** How much of the address browsers tell to others; the words of W3C Referrer Policy. */
  enum ReferrerPolicy {
    NO_REFERRER,
    NO_REFERRER_WHEN_DOWNGRADE,
    SAME_ORIGIN,
    ORIGIN,
    STRICT_ORIGIN,
    ORIGIN_WHEN_CROSS_ORIGIN,
    STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
    UNSAFE_URL,
    OFF
  }

  /** Settings of {@code type: security-headers}. */
  @Doc("Adds the fields that tell browsers to be careful.")
  record Settings(
      @Doc(
              value =
                  "Strict-Transport-Security: how long browsers use only TLS; absent: not sent."
                      + " Never sent over plain text (RFC 6797 section 7.2).",
              example = "180d")
          @Range(min = "0s", max = "3650d")
          Optional<Duration> hsts,
      @Doc("Let Strict-Transport-Security hold for subdomains too.") @Default("false")
          boolean hstsSubdomains,
      @Doc("X-Content-Type-Options.") @Default("nosniff") ContentTypeOptions contentTypeOptions,
      @Doc("X-Frame-Options.") @Default("deny") FrameOptions frameOptions,
      @Doc("Referrer-Policy.") @Default("strict-origin-when-cross-origin")
          ReferrerPolicy referrerPolicy,
      @Doc(value = "Content-Security-Policy; absent: not sent.", example = "default-src 'self'")
          Optional<FieldValue> contentSecurityPolicy,
      @Doc(value = "Permissions-Policy; absent: not sent.", example = "camera=()")
          Optional<FieldValue> permissionsPolicy,
      @Doc("Replace what the origin says about the same matter.") @Default("false")
          boolean override)
      implements FilterSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      problems
          .at("hsts-subdomains")
          .require(!hstsSubdomains || hsts.isPresent(), "true (expected: hsts beside it)");
    }
  }

  /** One field to send. */
  private record Line(CharSequence name, FieldValue value, boolean onlySecure) {

    static Line of(String name, FieldValue value) {
      return new Line(HttpHeaders.createOptimized(name), value, false);
    }
  }

  private static final CharSequence HSTS = HttpHeaders.createOptimized("Strict-Transport-Security");

  private final ResponseHook hook;

  SecurityHeadersFilter(Settings settings, FilterWiring wiring) {
    Line[] lines = lines(settings).toArray(Line[]::new);
    boolean override = settings.override();
    this.hook = (exchange, answer) -> write(lines, override, exchange, answer.fields());
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    exchange.beforeHead(hook);
    return next.handle(exchange);
  }

  private static void write(Line[] lines, boolean override, Exchange exchange, MultiMap fields) {
    boolean secure = exchange.head().scheme().equals("https");
    for (Line line : lines) {
      if ((secure || !line.onlySecure) && (override || !fields.contains(line.name))) {
        fields.set(line.name, line.value.render(exchange));
      }
    }
  }

  private static List<Line> lines(Settings settings) {
    List<Line> lines = new ArrayList<>();
    settings
        .hsts()
        .ifPresent(
            age -> {
              String scope = settings.hstsSubdomains() ? "; includeSubDomains" : "";
              String value = "max-age=" + age.toSeconds() + scope;
              lines.add(new Line(HSTS, FieldValue.parse(value), true));
            });
    if (settings.contentTypeOptions() != ContentTypeOptions.OFF) {
      lines.add(line("X-Content-Type-Options", "nosniff"));
    }
    if (settings.frameOptions() != FrameOptions.OFF) {
      lines.add(line("X-Frame-Options", settings.frameOptions().name()));
    }
    if (settings.referrerPolicy() != ReferrerPolicy.OFF) {
      String policy = settings.referrerPolicy().name().toLowerCase(Locale.ROOT).replace('_', '-');
      lines.add(line("Referrer-Policy", policy));
    }
    settings
        .contentSecurityPolicy()
        .ifPresent(v -> lines.add(Line.of("Content-Security-Policy", v)));
    settings.permissionsPolicy().ifPresent(v -> lines.add(Line.of("Permissions-Policy", v)));
    return lines;
  }

  private static Line line(String name, String value) {
    return Line.of(name, FieldValue.parse(value));
  }
}
