package io.sentinelgateway.forward;

import io.sentinelgateway.config.TimeoutsConfig;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one attempt waits for its origin server: first for the head, then for each piece of the
 * content. One timer at a time. Confined to one event loop.
 */
final class AnswerTimeouts {

  private final Attempt attempt;
  private final Loop loop;
  private final TimeoutsConfig limits;
  private Timers.@Nullable Timeout timer;
  private Timers.@Nullable Timeout attemptTimer;
  private long activeNanos;

  AnswerTimeouts(Attempt attempt, Loop loop, TimeoutsConfig limits) {
    this.attempt = attempt;
    this.loop = loop;
    this.limits = limits;
  }

  /**
   * The attempt begins.
   *
   * @param untilHead how long it may take to the head of the answer; {@code null} for no such limit
   */
  void begin(@Nullable Duration untilHead) {
    if (untilHead != null) {
      attemptTimer = loop.timers().start(untilHead, () -> attempt.timedOut(Cause.UPSTREAM_TIMEOUT));
    }
  }

  /** The origin server has what it needs to begin its answer, or must take more first. */
  void awaitHead() {
    cancel();
    timer = loop.timers().start(limits.response(), () -> attempt.timedOut(Cause.UPSTREAM_TIMEOUT));
  }

  /** Something of the content has come, and more must. */
  void awaitContent(OriginBody content) {
    activeNanos = loop.nanoTime();
    if (timer == null) {
      start(content, limits.idle());
    }
  }

  private void start(OriginBody content, Duration left) {
    timer = loop.timers().start(left, () -> look(content));
  }

  /** The timer is not moved with each piece; when it fires, it looks how old the last one is. */
  private void look(OriginBody content) {
    if (content.paused()) {
      // The client is slow, not the origin server.
      activeNanos = loop.nanoTime();
    }
    Duration left = limits.idle().minusNanos(loop.nanoTime() - activeNanos);
    if (left.isNegative() || left.isZero()) {
      attempt.timedOut(Cause.UPSTREAM_IDLE_TIMEOUT);
    } else {
      start(content, left);
    }
  }

  /** It is not the origin server's turn. */
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** The head has come, or will not. */
  void headCame() {
    cancel();
    if (attemptTimer != null) {
      attemptTimer.cancel();
      attemptTimer = null;
    }
  }
}
