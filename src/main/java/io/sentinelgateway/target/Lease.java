package io.sentinelgateway.target;

import org.jspecify.annotations.Nullable;

/**
 * The right to use a target for one attempt, from its pick to the last byte of its answer. Confined
 * to the event loop of the request.
 */
public final class Lease {

  private final Target target;
  private final long begunNanos;
  private final @Nullable Guard guard;
  private long latencyNanos = -1;
  private boolean open = true;

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
    this(target, nanoTime, null);
  }

  /**
   * @param nanoTime monotonic time of the pick
   * @param guard hears how the attempt goes; it has let the attempt through already
   */
  public Lease(Target target, long nanoTime, @Nullable Guard guard) {
    this.target = target;
    this.begunNanos = nanoTime;
    this.guard = guard;
    target.state().begin();
  }

  public Target target() {
    return target;
  }

  /** The head of the answer has come: the target took so long. */
  public void answered(long nanoTime) {
    latencyNanos = nanoTime - begunNanos;
    target.state().answered(latencyNanos);
    if (guard != null) {
      guard.answered(latencyNanos, nanoTime);
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
      target.state().end(outcome);
      if (guard != null) {
        guard.ended(outcome, latencyNanos < 0 ? nanoTime - begunNanos : latencyNanos, nanoTime);
      }
    }
  }
}
