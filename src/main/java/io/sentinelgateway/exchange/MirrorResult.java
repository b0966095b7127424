package io.sentinelgateway.exchange;

/** What became of the copy of a request that was meant for another upstream. */
public enum MirrorResult {
  /** An answer came. */
  SUCCESSFUL("2xx"),
  REDIRECTION("3xx"),
  CLIENT_ERROR("4xx"),
  SERVER_ERROR("5xx"),
  /** No answer, or none in time. */
  FAILED("failed"),
  /** Dropped: as many copies as allowed were kept or under way. */
  IN_FLIGHT("in_flight", true),
  /** Dropped: more content than is copied. */
  CONTENT_TOO_LARGE("content_too_large", true),
  /** Dropped: the request ended, or was answered, before its content was there. */
  INCOMPLETE("incomplete", true),
  /** Dropped: no target of the upstream may be used. */
  NO_TARGET("no_target", true);

  private final String word;
  private final boolean dropped;

  MirrorResult(String word) {
    this(word, false);
  }

  MirrorResult(String word, boolean dropped) {
    this.word = word;
    this.dropped = dropped;
  }

  /** As metrics show it. */
  public String word() {
    return word;
  }

  /** True when the copy was never sent. */
  public boolean dropped() {
    return dropped;
  }

  /** The class of a status from 200. */
  public static MirrorResult of(int status) {
    return switch (status / 100) {
      case 2 -> SUCCESSFUL;
      case 3 -> REDIRECTION;
      case 4 -> CLIENT_ERROR;
      default -> SERVER_ERROR;
    };
  }
}
