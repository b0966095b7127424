package io.sentinelgateway.target;

/**
 * The right to use a target for one attempt, from its pick to the last byte of its answer. Confined
 * to the event loop of the request.
 */
public final class Lease {

  private final Target target;
  private final long begunNanos;
  private final long tokens;
  private long latencyNanos = -1;
  private boolean open = true;

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
    this.target = target;
    this.begunNanos = nanoTime;
    this.tokens = tokens;
    target.state().begin(tokens);
  }

  public Target target() {
    return target;
  }

  /** The head of the answer has come: the target took so long. */
  public void answered(long nanoTime) {
    latencyNanos = nanoTime - begunNanos;
    target.state().answered(latencyNanos);
    target.state().averages().answered(latencyNanos, nanoTime, decayNanos());
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
      target.state().averages().ended(outcome, latency, nanoTime, decayNanos());
      target.state().end(outcome, tokens);
    }
  }

  private long decayNanos() {
    return target.settings().balancer().decay().toNanos();
  }
}
