package io.sentinelgateway.exchange;

/** How a second attempt that was begun beside a slow first one ended. */
public enum HedgeResult {
  /** Its answer came first. */
  WON("won"),
  /** The first attempt was faster after all. */
  LOST("lost");

  private final String word;

  HedgeResult(String word) {
    this.word = word;
  }

  /** As logs and metrics show it. */
  public String word() {
    return word;
  }
}
