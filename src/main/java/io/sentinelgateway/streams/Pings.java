package io.sentinelgateway.streams;

import io.sentinelgateway.config.PingConfig;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks an origin server that is silent whether it is still there (RFC 9113 section 6.7), and gives
 * the connection up when nothing comes at all. Confined to one event loop.
 */
final class Pings {

  private final OriginSession session;
  private final Loop loop;
  private final @Nullable PingConfig settings;
  private Timers.@Nullable Timeout timer;
  private long heardNanos;

  /**
   * @param settings {@code null} for never
   */
  Pings(OriginSession session, Loop loop, @Nullable PingConfig settings) {
    this.session = session;
    this.loop = loop;
    this.settings = settings;
  }

  void start() {
    if (settings != null) {
      heardNanos = loop.nanoTime();
      await(settings, settings.interval());
    }
  }

  /** Something has come. */
  void heard() {
    if (settings != null) {
      heardNanos = loop.nanoTime();
    }
  }

  private void await(PingConfig to, Duration pause) {
    timer = loop.timers().start(pause, () -> look(to));
  }

  private void look(PingConfig to) {
    Duration left = to.interval().minusNanos(loop.nanoTime() - heardNanos);
    if (left.compareTo(Duration.ZERO) > 0) {
      await(to, left);
    } else {
      long askedNanos = loop.nanoTime();
      session.outbound().ping();
      timer = loop.timers().start(to.timeout(), () -> judge(to, askedNanos));
    }
  }

  private void judge(PingConfig to, long askedNanos) {
    if (heardNanos - askedNanos < 0) {
      session.giveUp(new IOException("no answer to PING"));
    } else {
      await(to, to.interval());
    }
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
