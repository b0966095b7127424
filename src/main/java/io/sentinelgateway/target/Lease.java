package io.sentinelgateway.target;

/**
 * The right to use a target for one attempt, from its pick to the last byte of its answer. Confined
 * to the event loop of the request.
 */
public final class Lease {

  private final Target target;
  private final long begunNanos;
  private boolean open = true;

  /**
   * @param nanoTime monotonic time of the pick
   */
  public Lease(Target target, long nanoTime) {
    this.target = target;
    this.begunNanos = nanoTime;
    target.state().begin();
  }

  public Target target() {
    return target;
  }

  /** The head of the answer has come: the target took so long. */
  public void answered(long nanoTime) {
    target.state().answered(nanoTime - begunNanos);
  }

  /** Ends the attempt; only the first call counts. */
  public void release(Outcome outcome) {
    if (open) {
      open = false;
      target.state().end(outcome);
    }
  }
}
