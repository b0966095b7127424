package io.sentinelgateway.target;

import java.util.Locale;

/** What health says about a target; in the order in which they are used when there is no better. */
public enum Condition {
  /** Nothing speaks against it. */
  HEALTHY,
  /** New: its first check has not ended yet. */
  WARMING,
  /** Left out for some time, because of what it did to requests. */
  EJECTED,
  /** It fails its checks. */
  UNHEALTHY,
  /** An operator wants no requests to go there. */
  DRAINED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As it stands in logs, metrics and {@code /upstreams}. */
  public String word() {
    return word;
  }

  /** Whether a target of this condition may be used where those of another one are. */
  public boolean asGoodAs(Condition worst) {
    return compareTo(worst) <= 0;
  }
}
