package io.sentinelgateway.observe;

import java.util.Locale;

/** How a connection that was passed through has ended; a bounded set, for metrics. */
public enum PassageEnd {
  /** The client closed first. */
  CLIENT,
  /** The origin server closed first. */
  ORIGIN,
  /** No byte came in either direction for too long. */
  IDLE,
  /** The listener went away, and its patience was over. */
  DRAIN,
  /** No target could be connected to. */
  UNREACHABLE;

  private final String word = name().toLowerCase(Locale.ROOT);

  String word() {
    return word;
  }
}
