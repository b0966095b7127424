package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.filter.Rewrite;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.split.Choice;
import io.sentinelgateway.split.Split;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends exchanges to an upstream, or to one of several. Immutable but for parts of its retry policy
 * and of its mirror, each of which belongs to one event loop.
 */
public final class ForwardHandler implements Handler {

  private final ForwardSettings settings;
  private final Split split;
  private final @Nullable Mirror mirror;
  private final @Nullable Duration timeout;
  private final @Nullable Rewrite rewrite;
  private final RetryPolicy retries;
  private final Priority priority;
  private final Upgrades upgrades;
  private final Map<String, Fallback> fallbacks;

  /**
   * @param upstreams by id
   * @param loops number of event loops
   */
  public ForwardHandler(ForwardSettings settings, Function<String, Upstream> upstreams, int loops) {
    this(settings, upstreams, new RetryPolicy(settings, loops));
  }

  private ForwardHandler(
      ForwardSettings settings, Function<String, Upstream> upstreams, RetryPolicy retries) {
    this.settings = settings;
    this.split =
        settings
            .upstream()
            .map(id -> Split.none(upstreams.apply(id)))
            .orElseGet(
                () -> new Split(settings.split(), settings.sticky().orElse(null), upstreams));
    this.mirror =
        settings
            .mirror()
            .map(m -> new Mirror(m, upstreams.apply(m.upstream()), retries.loops()))
            .orElse(null);
    this.timeout = settings.timeout().orElse(null);
    this.rewrite = settings.rewrite().map(Rewrite::new).orElse(null);
    this.retries = retries;
    this.priority = settings.priority();
    this.upgrades = new Upgrades(settings);
    this.fallbacks = Fallback.of(split.upstreams(), upstreams);
  }

  /**
   * The same, when the upstreams of these ids are others now: retries are still counted against
   * what requests have earned so far.
   */
  public ForwardHandler toward(Function<String, Upstream> upstreams) {
    return new ForwardHandler(settings, upstreams, retries);
  }

  /**
   * Tells which class of requests its upstreams will get.
   *
   * @param highest class of each upstream so far, by its id
   */
  public void announce(Map<String, Priority> highest) {
    receivers().forEach(upstream -> highest.merge(upstream.id(), priority, Priority::higher));
  }

  /** The upstreams that may get requests. */
  private List<Upstream> receivers() {
    List<Upstream> all = new ArrayList<>(split.upstreams());
    fallbacks.values().forEach(fallback -> fallback.addTo(all));
    return all;
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    try {
      prepare(exchange);
      String asked = exchange.upgrade();
      if (asked != null) {
        exchange.upgrade(upgrades.choose(exchange, asked));
      }
    } catch (ProxyException e) {
      return Future.failedFuture(e);
    }
    Upstream upstream = split.choose(exchange);
    MirrorCopy copy = mirror == null ? null : mirror.copy(exchange);
    Future<ProxyResponse> answer = new Forwarding(this, upstream, exchange).begin();
    if (copy != null) {
      copy.begin(answer);
    }
    return answer;
  }

  /**
   * Does what is done once, before the first attempt: sets the target that will be sent.
   *
   * @throws ProxyException when the rewritten target is none
   */
  public void prepare(Exchange exchange) {
    if (rewrite != null) {
      rewrite.apply(exchange);
    }
  }

  /** Where a request would go, and why. Changes nothing. */
  public Choice explain(Exchange exchange) {
    return split.explain(exchange);
  }

  /** Who gets a copy of a request, and why; {@code null} when nobody does. Changes nothing. */
  public @Nullable Choice explainMirror(Exchange exchange) {
    return mirror == null ? null : mirror.explain(exchange.head());
  }

  /** Every upstream that may get requests, or copies of them. */
  public List<Upstream> upstreams() {
    List<Upstream> all = receivers();
    if (mirror != null) {
      all.add(mirror.upstream());
    }
    return all;
  }

  /** Limit for the whole exchange; {@code null} for none. */
  @Nullable Duration timeout() {
    return timeout;
  }

  Priority priority() {
    return priority;
  }

  /** What answers when this upstream cannot; {@code null} for nothing. */
  @Nullable Fallback fallback(Upstream upstream) {
    return fallbacks.isEmpty() ? null : fallbacks.get(upstream.id());
  }

  Upgrades upgrades() {
    return upgrades;
  }

  RetryPolicy retries() {
    return retries;
  }
}
