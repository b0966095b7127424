package io.sentinelgateway.target;

/**
 * The right to use a target for one attempt, from its pick to the last byte of its answer. Confined
 * to the event loop of the request.
 */
public final class Lease {

  private final Target target;
  private boolean open = true;

  public Lease(Target target) {
    this.target = target;
    target.state().begin();
  }

  public Target target() {
    return target;
  }

  /** Ends the attempt; only the first call counts. */
  public void release(Outcome outcome) {
    if (open) {
      open = false;
      target.state().end(outcome);
    }
  }
}
