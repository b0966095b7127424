package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.OuterBalancerSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.ResponseHook;
import io.sentinelgateway.http.NamedValues;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.target.Target;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends a client where it was before, by a signed cookie. A client without one, or whose target may
 * not be used now, is sent where the inner balancer says, and told with the answer.
 */
final class Sticky implements LoadBalancer {

  private static final int SHORTEST_KEY = 16;

  /** Which requests of other sites a browser sends the cookie with; RFC 6265bis. */
  enum SameSite {
    LAX("Lax"),
    STRICT("Strict"),
    NONE("None");

    private final String word;

    SameSite(String word) {
      this.word = word;
    }
  }

  /** {@code balancer: {type: sticky, key: "file:/run/secrets/sticky"}} */
  @Doc(
      "Sends a client where it was before, by a signed cookie: HttpOnly, and Secure when the client"
          + " came by TLS.")
  record Settings(
      @Doc(
              value =
                  "Signs the cookie; 16 characters or more, the same for all replicas and after"
                      + " every restart.",
              example = "file:/run/secrets/sticky-key")
          Secret key,
      @Doc("Name of the cookie.") @Default("sentinel-target") String cookie,
      @Doc("Paths that the client sends it for.") @Default("/") String path,
      @Doc("How long the client keeps it; absent: until the browser ends.")
          @Range(min = "1s", max = "400d")
          Optional<Duration> maxAge,
      @Doc("Whether other sites' requests carry it; `none` needs TLS.") @Default("lax")
          SameSite sameSite,
      @Doc("How the first target of a client is picked.") @Default("{type: least-requests}")
          BalancerSettings balancer)
      implements OuterBalancerSettings {

    @Override
    public void check(ServerConfig server, Problems problems) {
      problems
          .at("key")
          .require(
              key.reveal().length() >= SHORTEST_KEY,
              Secret.MASK + " is too short (expected: at least 16 characters)");
      problems
          .at("cookie")
          .require(cookie.matches("[A-Za-z0-9._-]{1,64}"), cookie + " (expected: a token)");
      problems
          .at("path")
          .require(path.matches("/[!-:<-~]*"), path + " (expected: a path, without a semicolon)");
      OuterBalancerSettings.super.check(server, problems);
    }
  }

  private final Settings settings;
  private final LoadBalancer inner;

  Sticky(Settings settings, BalancerWiring wiring) {
    this.settings = settings;
    this.inner = wiring.inner(settings.balancer());
  }

  @Override
  public Picker picker(List<Target> targets) {
    List<StickyCookie> cookies =
        targets.stream().map(target -> new StickyCookie(target, settings.key())).toList();
    Map<String, StickyCookie> byId =
        cookies.stream().collect(Collectors.toUnmodifiableMap(StickyCookie::id, c -> c));
    Picker first = inner.picker(targets);
    ResponseHook tell = new Teller(settings, cookies);
    return context -> {
      @Nullable StickyCookie known = sent(context.exchange(), byId);
      if (known != null && context.eligible(known.target())) {
        return known.target();
      }
      context.exchange().beforeHead(tell);
      return first.pick(context);
    };
  }

  /** The cookie of the client, if it is one of ours. */
  private @Nullable StickyCookie sent(Exchange exchange, Map<String, StickyCookie> byId) {
    String sent = NamedValues.cookie(exchange.head().fields(), settings.cookie());
    StickyCookie known = sent == null ? null : byId.get(StickyCookie.id(sent));
    return known != null && known.matches(sent) ? known : null;
  }

  /**
   * Tells the client which target has answered, once for each answer. A copy that is mirrored is
   * not the answer, so targets are known by upstream and name. Immutable.
   */
  private static final class Teller implements ResponseHook {

    private final String prefix;
    private final String upstream;
    private final Map<String, String> lines;
    private final Map<String, String> secureLines;

    Teller(Settings settings, List<StickyCookie> cookies) {
      this.prefix = settings.cookie() + "=";
      this.upstream = cookies.isEmpty() ? "" : cookies.get(0).target().key().upstream();
      String attributes =
          "; Path="
              + settings.path()
              + settings.maxAge().map(age -> "; Max-Age=" + age.toSeconds()).orElse("")
              + "; HttpOnly; SameSite="
              + settings.sameSite().word;
      this.lines = lines(cookies, cookie -> prefix + cookie.value() + attributes);
      this.secureLines =
          lines(cookies, cookie -> prefix + cookie.value() + attributes + "; Secure");
    }

    private static Map<String, String> lines(
        List<StickyCookie> cookies, Function<StickyCookie, String> line) {
      return cookies.stream()
          .collect(Collectors.toUnmodifiableMap(cookie -> cookie.target().name(), line));
    }

    @Override
    public void beforeHead(Exchange exchange, ProxyResponse answer) {
      String target = exchange.record().target;
      if (target == null
          || exchange.record().error != null
          || !upstream.equals(exchange.record().upstream)) {
        return;
      }
      for (String line : answer.fields().getAll(HttpHeaders.SET_COOKIE)) {
        // A second pick of the same exchange has registered the hook again.
        if (line.startsWith(prefix)) {
          return;
        }
      }
      boolean secure = exchange.head().scheme().equals("https");
      String line = (secure ? secureLines : lines).get(target);
      if (line != null) {
        answer.fields().add(HttpHeaders.SET_COOKIE, line);
      }
    }
  }
}
