package io.sentinelgateway.exchange;

/** Why a tunnel ended: whoever closed first, or the limit that was reached. */
public enum TunnelEnd {
  /** The client closed, or broke off. */
  CLIENT("client"),
  /** The origin server closed, or broke off. */
  ORIGIN("origin"),
  /** No byte went in either direction for too long. */
  IDLE("idle"),
  /** It was open for as long as it may be. */
  DURATION("duration"),
  /** The listener goes away. */
  DRAIN("drain"),
  /** A frame or a message was larger than allowed. */
  TOO_LARGE("too_large"),
  /** Bytes that are no frames as RFC 6455 wants them. */
  PROTOCOL("protocol"),
  /** The other side does not answer pings. */
  SILENT("silent");

  private final String word;

  TunnelEnd(String word) {
    this.word = word;
  }

  /** As logs and metrics show it. */
  public String word() {
    return word;
  }
}
