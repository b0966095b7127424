package io.sentinelgateway.exchange;

/** What spoke against another attempt though the route asks for one. */
public enum RetryObstacle {
  /** The method is not idempotent (RFC 9110 section 9.2.2). */
  METHOD("method"),
  /** The content went out and was too long to be kept. */
  CONTENT("content"),
  /** Too many retries were under way. */
  BUDGET("budget"),
  /** The origin server asks for more patience than the settings allow. */
  RETRY_AFTER("retry-after");

  private final String word;

  RetryObstacle(String word) {
    this.word = word;
  }

  /** As logs and metrics show it. */
  public String word() {
    return word;
  }
}
