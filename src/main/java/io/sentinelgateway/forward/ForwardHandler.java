package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.filter.Rewrite;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends exchanges to an upstream. Immutable but for parts of its retry policy, each of which
 * belongs to one event loop.
 */
public final class ForwardHandler implements Handler {

  private final Upstream upstream;
  private final @Nullable Duration timeout;
  private final @Nullable Rewrite rewrite;
  private final RetryPolicy retries;

  /**
   * @param loops number of event loops
   */
  public ForwardHandler(ForwardSettings settings, Upstream upstream, int loops) {
    this.upstream = upstream;
    this.timeout = settings.timeout().orElse(null);
    this.rewrite = settings.rewrite().map(Rewrite::new).orElse(null);
    this.retries = new RetryPolicy(settings, loops);
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    try {
      prepare(exchange);
    } catch (ProxyException e) {
      return Future.failedFuture(e);
    }
    return new Forwarding(this, upstream, exchange).begin();
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

  /** Where requests go. */
  public Upstream upstream() {
    return upstream;
  }

  /** Limit for the whole exchange; {@code null} for none. */
  @Nullable Duration timeout() {
    return timeout;
  }

  RetryPolicy retries() {
    return retries;
  }
}
