package io.sentinelgateway.forward;

/**
 * Bounds the retries of one route on one event loop to a share of its requests, so that retries
 * cannot multiply the load on an upstream that is failing because of load. Confined to one loop.
 *
 * <p>Each request earns its share of a retry. What quiet times earned is kept, up to a bound: when
 * a server is killed, all that was under way on it must be tried again at once, and that may be
 * more than a share of what is under way at that moment.
 */
final class RetryBudget {

  /** What so many requests earn is kept at most. */
  private static final int REMEMBERED_REQUESTS = 2_000;

  private final double share;
  private final int minimum;
  private double earned;
  private int underWay;

  RetryBudget(RetrySettings settings) {
    share = settings.budget().share();
    minimum = settings.budgetMinimum();
  }

  void requestBegan() {
    earned = Math.min(share * REMEMBERED_REQUESTS, earned + share);
  }

  /** Takes a retry; its end is told to {@link #retryEnded}. */
  boolean tryRetry() {
    if (earned >= 1) {
      earned -= 1;
    } else if (underWay >= minimum) {
      return false;
    }
    underWay++;
    return true;
  }

  void retryEnded() {
    underWay--;
  }
}
