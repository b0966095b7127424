package io.sentinelgateway.forward;

import io.sentinelgateway.config.FallbackConfig;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.upstream.Upstream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which upstream answers when another one cannot, and after that one the next. Immutable. */
final class Fallback {

  private final Upstream upstream;
  private final boolean noTarget;
  private final boolean breakerOpen;
  private final boolean overloaded;
  private final boolean failure;
  private final boolean[] statuses = new boolean[600];
  private final @Nullable Fallback next;

  private Fallback(FallbackConfig settings, Upstream upstream, @Nullable Fallback next) {
    List<String> on = settings.on();
    this.upstream = upstream;
    this.next = next;
    noTarget = on.contains("no-target");
    breakerOpen = on.contains("breaker-open");
    overloaded = on.contains("overloaded");
    failure = on.contains("failure");
    on.stream()
        .filter(word -> !FallbackConfig.WORDS.contains(word))
        .forEach(status -> statuses[Integer.parseInt(status)] = true);
  }

  /**
   * The fallbacks of those that have one, by id. The configuration's check has seen to it that
   * there is no circle.
   *
   * @param upstreams finds an upstream by its id
   */
  static Map<String, Fallback> of(List<Upstream> firsts, Function<String, Upstream> upstreams) {
    Map<String, Fallback> fallbacks = new HashMap<>();
    for (Upstream first : firsts) {
      Fallback fallback = of(first, upstreams);
      if (fallback != null) {
        fallbacks.put(first.id(), fallback);
      }
    }
    return fallbacks;
  }

  private static @Nullable Fallback of(Upstream first, Function<String, Upstream> upstreams) {
    FallbackConfig settings = first.settings().fallback().orElse(null);
    if (settings == null) {
      return null;
    }
    Upstream other = upstreams.apply(settings.upstream());
    return new Fallback(settings, other, of(other, upstreams));
  }

  Upstream upstream() {
    return upstream;
  }

  /** What answers when that one cannot either. */
  @Nullable Fallback next() {
    return next;
  }

  /** Whether it takes requests over that were refused for this reason: nothing was sent. */
  boolean takesRefused(Cause cause) {
    return switch (cause) {
      case NO_TARGET_AVAILABLE -> noTarget;
      case BREAKER_OPEN -> breakerOpen;
      default -> overloaded;
    };
  }

  /** Whether it takes requests over that failed. */
  boolean takesFailed() {
    return failure;
  }

  /** Whether it takes requests over that were answered so. */
  boolean takesStatus(int status) {
    return status < statuses.length && statuses[status];
  }

  /** Adds every upstream that may take a request over. */
  void addTo(List<Upstream> all) {
    all.add(upstream);
    if (next != null) {
      next.addTo(all);
    }
  }
}
