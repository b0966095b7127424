package io.sentinelgateway.health;

import java.util.Locale;

/** Why the health of a target changed, in one word. */
public enum Reason {
  /** Active checks passed or failed. */
  CHECK,
  /** Failures in a row. */
  FAILURES,
  /** Failures and other 5xx answers in a row. */
  ERRORS,
  /** Fewer successes than its peers. */
  SUCCESS_RATE,
  /** Slower than its peers. */
  LATENCY,
  /** Too large a share of failures and other 5xx answers. */
  FAILURE_SHARE,
  /** It was left out for long enough. */
  TIME,
  /** An operator wanted it. */
  OPERATOR,
  /** Another configuration looks at other signs. */
  CONFIGURATION;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it stands in metrics. */
  public String word() {
    return word;
  }
}
