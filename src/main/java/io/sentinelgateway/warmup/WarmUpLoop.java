package io.sentinelgateway.warmup;

import io.sentinelgateway.listener.HttpListener;
import io.sentinelgateway.listener.LoopContext;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.listener.LoopState;
import io.sentinelgateway.observe.AccessLog;
import io.sentinelgateway.observe.ExchangeRecorder;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * One event loop's part: the real listener with counters that nobody reads. Deployed for the time
 * of the warm-up, so that everything it opened is closed with it. Confined to its loop.
 */
final class WarmUpLoop extends VerticleBase {

  private final int index;
  private final Shared shared;
  private LoopState state;
  private HttpListener listener;

  /**
   * What the loops of one warm-up have in common.
   *
   * @param log swallows its lines
   */
  record Shared(int loops, Clocks clocks, RuntimeSnapshot snapshot, AccessLog log) {}

  WarmUpLoop(int index, Shared shared) {
    this.index = index;
    this.shared = shared;
  }

  @Override
  public Future<?> start() {
    RuntimeSnapshot snapshot = shared.snapshot();
    LoopMetrics unread = new LoopMetrics();
    LoopContext loop = new LoopContext(vertx, index, shared.loops(), shared.clocks(), unread);
    state = new LoopState(loop, unread, new ExchangeRecorder(loop, unread, shared.log()));
    state.adopt(snapshot);
    listener =
        new HttpListener(
            WarmUp.LISTENER,
            snapshot.config().listeners().get(WarmUp.LISTENER),
            state,
            snapshot,
            shared.loops());
    return listener.open();
  }

  /** The same for all loops; read when all are deployed. */
  int port() {
    return listener.port();
  }

  @Override
  public Future<?> stop() {
    return listener.closeNow().eventually(() -> state.loop().connections().close());
  }
}
