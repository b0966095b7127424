package io.sentinelgateway.agent;

import org.jspecify.annotations.Nullable;

/** What a frame is, by its fifth byte. */
enum FrameType {
  HANDSHAKE_REQUEST(0x01),
  HANDSHAKE_RESPONSE(0x02),
  REQUEST_HEADERS(0x10),
  REQUEST_BODY_CHUNK(0x11),
  RESPONSE_HEADERS(0x12),
  RESPONSE(0x20),
  HEALTH_STATUS(0x30),
  METRICS_REPORT(0x31),
  CONFIG_UPDATE_REQUEST(0x32),
  FLOW_CONTROL(0x33),
  CANCEL(0x40),
  PING(0x41),
  PONG(0x42);

  private static final FrameType[] BY_CODE = new FrameType[256];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  byte code() {
    return (byte) code;
  }

  /** {@code null} for a byte that stands for nothing. */
  static @Nullable FrameType of(byte code) {
    return BY_CODE[code & 0xff];
  }
}
