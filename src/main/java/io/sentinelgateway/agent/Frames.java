package io.sentinelgateway.agent;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts the bytes of a connection into frames: 4 bytes of length (big endian, of all that follows),
 * 1 byte of type, content. What an agent says may be large but is bounded. Confined to one loop.
 */
final class Frames {

  /** Of type and content together; the protocol's own limit. */
  static final int MOST_BYTES = 16 << 20;

  private static final int LENGTH_BYTES = 4;

  /** Gets what was cut. */
  @FunctionalInterface
  interface Receiver {
    void frame(FrameType type, Buffer content);
  }

  private final Receiver receiver;
  private Buffer rest = Buffer.buffer();

  Frames(Receiver receiver) {
    this.receiver = receiver;
  }

  /** A frame as bytes. */
  static Buffer of(FrameType type, Buffer content) {
    return Buffer.buffer(LENGTH_BYTES + 1 + content.length())
        .appendInt(content.length() + 1)
        .appendByte(type.code())
        .appendBuffer(content);
  }

  /**
   * Takes bytes as they come.
   *
   * @throws MalformedAnswerException when they are no frames
   */
  void feed(Buffer bytes) {
    Buffer all = rest.length() == 0 ? bytes : rest.appendBuffer(bytes);
    int at = 0;
    while (all.length() - at >= LENGTH_BYTES) {
      int length = all.getInt(at);
      if (length < 1 || length > MOST_BYTES) {
        throw new MalformedAnswerException(
            "a frame of " + (length & 0xffff_ffffL) + " bytes (expected: 1 to " + MOST_BYTES + ")");
      }
      int end = at + LENGTH_BYTES + length;
      if (all.length() < end) {
        break;
      }
      frame(all.getByte(at + LENGTH_BYTES), all.getBuffer(at + LENGTH_BYTES + 1, end));
      at = end;
    }
    rest = at == all.length() ? Buffer.buffer() : all.getBuffer(at, all.length());
  }

  private void frame(byte code, Buffer content) {
    FrameType type = FrameType.of(code);
    if (type == null) {
      throw new MalformedAnswerException("a frame of type " + (code & 0xff) + ", which is unknown");
    }
    receiver.frame(type, content);
  }
}
