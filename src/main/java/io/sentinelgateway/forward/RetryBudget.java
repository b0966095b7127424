package io.sentinelgateway.forward;

/**
 * Bounds the retries of one route on one event loop to a share of its requests, so that retries
 * cannot multiply the load on an upstream that is failing because of load. Confined to one loop.
 */
final class RetryBudget {

  private final double share;
  private final int minimum;
  private int requests;
  private int retries;

  RetryBudget(RetrySettings settings) {
    share = settings.budget().share();
    minimum = settings.budgetMinimum();
  }

  void requestBegan() {
    requests++;
  }

  void requestEnded() {
    requests--;
  }

  /**
   * Takes a place for a retry; it is given back by {@link #retryEnded}. Exchanges that are being
   * retried are no base for further retries: so, when everything fails, origin servers get at most
   * the share more than what clients sent.
   */
  boolean tryRetry() {
    if (retries >= Math.max(minimum, (int) ((requests - retries) * share))) {
      return false;
    }
    retries++;
    return true;
  }

  void retryEnded() {
    retries--;
  }
}
