package io.sentinelgateway.agent;

import java.util.Locale;

/** What an agent can be asked about, in the order in which it happens. */
public enum Event {
  REQUEST_HEADERS(FrameType.REQUEST_HEADERS),
  REQUEST_BODY(FrameType.REQUEST_BODY_CHUNK),
  RESPONSE_HEADERS(FrameType.RESPONSE_HEADERS);

  private final FrameType frame;
  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  Event(FrameType frame) {
    this.frame = frame;
  }

  FrameType frame() {
    return frame;
  }

  /** As it stands in the configuration and in metrics. */
  public String word() {
    return word;
  }
}
