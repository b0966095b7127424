package io.sentinelgateway.listener;

import io.sentinelgateway.observe.ExchangeRecorder;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What all listeners of one event loop share: the snapshot in force, and how much is under way.
 * Confined to the loop, so a swap falls between two requests.
 */
public final class LoopState {

  private final LoopContext loop;
  private final LoopMetrics metrics;
  private final ExchangeRecorder recorder;
  private @Nullable RuntimeSnapshot snapshot;
  private int active;

  public LoopState(LoopContext loop, LoopMetrics metrics, ExchangeRecorder recorder) {
    this.loop = loop;
    this.metrics = metrics;
    this.recorder = recorder;
  }

  public LoopContext loop() {
    return loop;
  }

  public LoopMetrics metrics() {
    return metrics;
  }

  public ExchangeRecorder recorder() {
    return recorder;
  }

  /** The snapshot in force; {@code null} before the first one. */
  public @Nullable RuntimeSnapshot snapshot() {
    return snapshot;
  }

  /** What this gateway calls itself; nothing before the first snapshot. */
  String gatewayName() {
    return snapshot == null ? "" : snapshot.config().server().name();
  }

  /** Everything from the next request on is decided by this snapshot. */
  public void adopt(RuntimeSnapshot next) {
    snapshot = next;
  }

  /** One more is under way. */
  public void exchangeBegan() {
    active++;
  }

  /** One that began is over. */
  public void exchangeEnded() {
    active--;
  }

  /** Exchanges, and connections that are passed through, which have begun and not ended. */
  public int active() {
    return active;
  }
}
