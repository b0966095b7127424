package io.sentinelgateway.wire;

import java.util.Locale;

/** Why an HTTP/2 connection, or a request on it, was refused; a bounded set, for metrics. */
public enum Http2Abuse {
  /** Requests taken back as fast as they are made (CVE-2023-44487). */
  RAPID_RESET,
  /** Requests made so that we must reset them (CVE-2025-8671). */
  FORCED_RESET,
  /** A field section in many pieces, or one that never ends (CVE-2024-24549 and its kin). */
  CONTINUATION,
  /** A field section that is too large once it is unpacked. */
  HEADER_LIST,
  /** CVE-2019-9512. */
  PING,
  /** CVE-2019-9515. */
  SETTINGS,
  /** DATA without a byte of content (CVE-2019-9518). */
  EMPTY_DATA,
  PRIORITY,
  WINDOW_UPDATE,
  /** Frames of a kind that we do not know. */
  UNKNOWN_FRAME,
  /** Any other breach of RFC 9113 that ends the connection. */
  PROTOCOL;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** One stable word. */
  public String code() {
    return code;
  }
}
