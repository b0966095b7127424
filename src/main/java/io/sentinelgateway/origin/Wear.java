package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long a connection has lived and rested, and what it has carried. Confined to one loop. */
final class Wear {

  /** How much earlier than the origin server we close a connection that rests. */
  private static final long EARLIER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long createdNanos;
  private final double ageShare;
  private long restingSinceNanos;
  private long restLimitNanos = Long.MAX_VALUE;
  private int requests;

  /**
   * @param ageShare the part of the greatest age that it may reach
   */
  Wear(long nowNanos, double ageShare) {
    this.createdNanos = nowNanos;
    this.ageShare = ageShare;
    this.restingSinceNanos = nowNanos;
  }

  void carry() {
    requests++;
  }

  boolean used() {
    return requests > 0;
  }

  void rest(long nowNanos) {
    restingSinceNanos = nowNanos;
  }

  /** The origin server closes it after so long a rest; by then it must be closed here. */
  void restLimit(int seconds) {
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    restLimitNanos = nanos - Math.min(EARLIER_NANOS, nanos / 2);
  }

  long age(long nowNanos) {
    return nowNanos - createdNanos;
  }

  boolean rested(long nowNanos, long idleNanos) {
    return nowNanos - restingSinceNanos > idleNanos;
  }

  /** Why it has to go; {@code null} when it need not. */
  @Nullable Closed out(long nowNanos, ConnectionsConfig settings) {
    if (nowNanos - restingSinceNanos >= restLimitNanos) {
      return Closed.IDLE;
    }
    if (settings.requestsPerConnection() > 0 && requests >= settings.requestsPerConnection()) {
      return Closed.REQUESTS;
    }
    return age(nowNanos) < settings.maxAge().toNanos() * ageShare ? null : Closed.AGE;
  }
}
