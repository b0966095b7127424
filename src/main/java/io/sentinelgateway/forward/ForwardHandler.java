package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends exchanges to an upstream. Immutable but for the retry budgets, each of which belongs to one
 * event loop.
 */
public final class ForwardHandler implements Handler {

  private final Upstream upstream;
  private final Optional<Duration> timeout;
  private final RetryRule retryRule;
  private final RetryBudget[] budgets;

  /**
   * @param loops number of event loops
   */
  public ForwardHandler(ForwardSettings settings, Upstream upstream, int loops) {
    this.upstream = upstream;
    this.timeout = settings.timeout();
    this.retryRule = new RetryRule(settings.retry());
    this.budgets = new RetryBudget[loops];
    for (int i = 0; i < loops; i++) {
      budgets[i] = new RetryBudget(settings.retry());
    }
  }

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    return new Forwarding(this, exchange).begin();
  }

  Upstream upstream() {
    return upstream;
  }

  Optional<Duration> timeout() {
    return timeout;
  }

  RetryRule retryRule() {
    return retryRule;
  }

  RetryBudget budget(int loop) {
    return budgets[loop];
  }
}
