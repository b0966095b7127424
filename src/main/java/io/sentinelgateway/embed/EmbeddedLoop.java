package io.sentinelgateway.embed;

import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.listener.GuestEntry;
import io.sentinelgateway.listener.LoopContext;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.listener.LoopState;
import io.sentinelgateway.observe.ExchangeRecorder;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One event loop of an embedded gateway: its snapshot and its connections to origin servers.
 * Confined to the loop; {@link #adoptSoon} and {@link #close} may be called on any thread.
 *
 * <p>Requests run in the application's contexts. What outlives a request — connections, timers — is
 * made in a context of the loop's own, which no undeployment ends.
 */
final class EmbeddedLoop {

  private static final long LOOK_MILLIS = 10;

  private final Context context;
  private final LoopState state;
  private final GuestEntry entry;

  private EmbeddedLoop(Context context, LoopState state, RuntimeSnapshot first) {
    this.context = context;
    this.state = state;
    ListenerConfig listener = first.config().listeners().get(EmbeddedConfig.LISTENER);
    this.entry = new GuestEntry(EmbeddedConfig.LISTENER, listener, state, first);
    adopt(first);
  }

  /**
   * Begins to serve the calling event loop.
   *
   * @param index of the loop, from 0
   * @param loops number of event loops; limits are divided by it
   */
  static EmbeddedLoop open(
      Vertx vertx, int index, int loops, Clocks clocks, RuntimeSnapshot first) {
    Context own = Wire.lastingContext(vertx);
    return Wire.within(
        own,
        () -> {
          LoopMetrics metrics = new LoopMetrics();
          LoopContext loop = new LoopContext(own, index, loops, clocks, metrics);
          LoopState state = new LoopState(loop, metrics, new ExchangeRecorder(loop, metrics));
          return new EmbeddedLoop(own, state, first);
        });
  }

  void handle(HttpServerRequest request, RuntimeSnapshot current) {
    adopt(current);
    entry.handle(request);
  }

  private void adopt(RuntimeSnapshot next) {
    RuntimeSnapshot now = state.snapshot();
    if (now != null && now.version() >= next.version()) {
      return;
    }
    state.adopt(next);
    next.upstreams()
        .values()
        .forEach(upstream -> state.loop().connections().warm(upstream.targets()));
    state.loop().connections().retain(living(next));
    state
        .metrics()
        .retain(next.plans().keySet(), next.upstreams().keySet(), Set.of(EmbeddedConfig.LISTENER));
  }

  private static Set<TargetKey> living(RuntimeSnapshot snapshot) {
    return snapshot.upstreams().values().stream()
        .flatMap(upstream -> upstream.targets().stream().map(Target::key))
        .collect(Collectors.toSet());
  }

  /** Takes the snapshot over, also when no request comes. */
  Future<Void> adoptSoon(RuntimeSnapshot next) {
    Promise<Void> adopted = Promise.promise();
    context.runOnContext(
        v -> {
          adopt(next);
          adopted.complete();
        });
    return adopted.future();
  }

  /** Lets exchanges under way end for so long, then closes every connection to an origin server. */
  Future<Void> close(Duration patience) {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        v -> {
          entry.drain();
          awaitIdle(state.loop().nanoTime() + patience.toNanos(), closed);
        });
    return closed.future();
  }

  private void awaitIdle(long untilNanos, Promise<Void> closed) {
    if (state.active() == 0 || state.loop().nanoTime() - untilNanos >= 0) {
      state.loop().connections().close().onComplete(closed);
    } else {
      context.owner().setTimer(LOOK_MILLIS, timer -> awaitIdle(untilNanos, closed));
    }
  }
}
