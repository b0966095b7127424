package io.sentinelgateway.agent;

import java.util.Locale;

/** How a question to an agent ended. */
public enum Outcome {
  ALLOW,
  BLOCK,
  REDIRECT,
  CHALLENGE,
  TIMEOUT,
  UNAVAILABLE,
  BUSY,
  MALFORMED,
  /** The client left meanwhile. */
  CANCELLED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it stands in metrics. */
  public String word() {
    return word;
  }
}
