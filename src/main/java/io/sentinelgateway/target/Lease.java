package io.sentinelgateway.target;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a target for one attempt, from its pick to the last byte of its answer. Confined
 * to the event loop of the request.
 */
public final class Lease {

  /** A number that more digits have is none that anybody means. */
  private static final int MAX_DIGITS = 9;

  private final Target target;
  private long begunNanos;
  private final @Nullable Guard guard;
  private final long decayNanos;
  private long tokens;
  private long latencyNanos = -1;
  private boolean open = true;
  private boolean settled;

  /** Hears how the attempt goes, beside the target's own record: breakers and limits. */
  public interface Guard {

    /**
     * The head of the answer has come.
     *
     * @param latencyNanos from the pick to the head
     */
    void answered(long latencyNanos, long nanoTime);

    /**
     * The attempt has ended. Called once.
     *
     * @param latencyNanos from the pick to the head, or to the end when there was no head
     */
    void ended(Outcome outcome, long latencyNanos, long nanoTime);
  }

  /**
   * @param nanoTime monotonic time of the pick
   */
  public Lease(Target target, long nanoTime) {
    this(target, nanoTime, 0);
  }

  /**
   * @param nanoTime monotonic time of the pick
   * @param tokens estimated work, for origin servers whose requests differ much
   */
  public Lease(Target target, long nanoTime, long tokens) {
    this(target, nanoTime, tokens, null);
  }

  /**
   * @param nanoTime monotonic time of the pick
   * @param tokens estimated work, for origin servers whose requests differ much
   * @param guard hears how the attempt goes; it has let the attempt through already
   */
  public Lease(Target target, long nanoTime, long tokens, @Nullable Guard guard) {
    this.target = target;
    this.begunNanos = nanoTime;
    this.tokens = tokens;
    this.guard = guard;
    this.decayNanos = target.settings().balancer().decay().toNanos();
    target.state().begin(tokens);
  }

  public Target target() {
    return target;
  }

  /** The attempt begins only now: a pause before it is not the target's. */
  public void begins(long nanoTime) {
    begunNanos = nanoTime;
  }

  /** The head of the answer has come: the target took so long. */
  public void answered(long nanoTime) {
    latencyNanos = nanoTime - begunNanos;
    target.state().answered(latencyNanos);
    if (decayNanos > 0) {
      target.state().averages().answered(latencyNanos, nanoTime, decayNanos);
    }
    if (guard != null) {
      guard.answered(latencyNanos, nanoTime);
    }
  }

  /** The head of the answer may tell what the request is in truth, if the balancer asks. */
  public void told(MultiMap head) {
    if (tokens == 0) {
      return;
    }
    String field = target.settings().balancer().tokensField().map(head::get).orElse("");
    if (!field.isEmpty()
        && field.length() <= MAX_DIGITS
        && field.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long now = Math.max(1, Long.parseLong(field));
      target.state().correct(now - tokens);
      tokens = now;
    }
  }

  /**
   * The outcome is known though the target stays in use, by a tunnel. The guard hears of it now.
   *
   * @param nanoTime monotonic time
   */
  public void settle(Outcome outcome, long nanoTime) {
    if (open && !settled) {
      settled = true;
      if (guard != null) {
        guard.ended(outcome, Math.max(0, latencyNanos), nanoTime);
      }
    }
  }

  /**
   * Ends the attempt; only the first call counts.
   *
   * @param nanoTime monotonic time of the end
   */
  public void release(Outcome outcome, long nanoTime) {
    if (open) {
      open = false;
      long latency = latencyNanos < 0 ? nanoTime - begunNanos : latencyNanos;
      if (decayNanos > 0) {
        target.state().averages().ended(outcome, latency, nanoTime, decayNanos);
      }
      target.state().end(outcome, tokens);
      if (guard != null && !settled) {
        guard.ended(outcome, latency, nanoTime);
      }
    }
  }
}
