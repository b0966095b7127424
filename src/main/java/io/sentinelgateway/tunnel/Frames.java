package io.sentinelgateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sentinelgateway.exchange.TunnelEnd;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a WebSocket in one direction (RFC 6455 section 5): judges each header before it is
 * passed on, and knows where a frame of the gateway's own may go in between. Payloads are neither
 * kept nor looked at. Confined to one event loop.
 */
final class Frames {

  private static final int LONGEST_HEADER = 14;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int COMPRESSED = 0x40;
  private static final int MASKED = 0x80;
  private static final int CLOSE = 8;
  private static final int LONGEST_CONTROL = 125;

  private final Keeper keeper;
  private final FrameLimits limits;
  private final boolean masked;
  private final byte[] header = new byte[LONGEST_HEADER];
  private int headerLength;

  /** Where in the bytes at hand those begin that were not passed on yet. */
  private int judged;

  private long left;
  private boolean inMessage;
  private long message;
  private boolean closed;

  /** Nothing that comes is passed on any more. */
  private boolean over;

  private @Nullable ByteBuf pending;
  private boolean last;
  private boolean ended;

  /**
   * @param masked whether the frames come from a client
   */
  Frames(Keeper keeper, FrameLimits limits, boolean masked) {
    this.keeper = keeper;
    this.limits = limits;
    this.masked = masked;
  }

  /** Passes on what may be: as much at once as can be, cut only where a frame of ours goes in. */
  void pass(ByteBuf bytes, TunnelSide to) {
    try {
      judged = bytes.readerIndex();
      while (bytes.isReadable() && !over) {
        if (left > 0) {
          int size = (int) Math.min(left, bytes.readableBytes());
          left -= size;
          bytes.skipBytes(size);
        } else {
          header(bytes, to);
        }
        if (pending != null && between()) {
          flushJudged(bytes, to);
          inject(to);
        }
      }
      if (!over) {
        flushJudged(bytes, to);
      }
    } finally {
      bytes.release();
    }
  }

  /** Hands on what has been judged; of a header that is not whole, nothing. */
  private void flushJudged(ByteBuf bytes, TunnelSide to) {
    int end = bytes.readerIndex() - headerLength;
    if (end > judged) {
      to.write(bytes.retainedSlice(judged, end - judged));
    }
    judged = bytes.readerIndex();
  }

  private void header(ByteBuf bytes, TunnelSide to) {
    int from = bytes.readerIndex() - headerLength;
    header[headerLength++] = bytes.readByte();
    if (headerLength < 2 || headerLength < wanted()) {
      return;
    }
    TunnelEnd violation = violation();
    if (violation != null) {
      flushJudged(bytes, to);
      over = true;
      keeper.violated(violation);
      return;
    }
    if (from < judged) {
      // It began in bytes that came before.
      to.write(Unpooled.copiedBuffer(header, 0, headerLength));
      judged = bytes.readerIndex();
    }
    left = length();
    closed |= opcode() == CLOSE;
    headerLength = 0;
  }

  private int wanted() {
    int size = header[1] & 0x7f;
    int extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    return 2 + extended + ((header[1] & MASKED) == 0 ? 0 : 4);
  }

  private int opcode() {
    return header[0] & 0x0f;
  }

  private boolean control() {
    return opcode() >= CLOSE;
  }

  /** Negative when the highest bit is set, which is forbidden. */
  private long length() {
    int size = header[1] & 0x7f;
    int extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extended == 0) {
      return size;
    }
    long length = 0;
    for (int i = 2; i < 2 + extended; i++) {
      length = (length << 8) | (header[i] & 0xff);
    }
    return length;
  }

  /** What is wrong with the frame that begins; {@code null}: nothing. Counts its message. */
  private @Nullable TunnelEnd violation() {
    boolean malformed =
        closed
            || ((header[1] & MASKED) != 0) != masked
            || unknownOpcode()
            || unexpectedBits()
            || !minimalLength()
            || (control() ? malformedControl() : outOfOrder());
    if (malformed) {
      return TunnelEnd.PROTOCOL;
    }
    return control() ? null : tooLarge();
  }

  private boolean unknownOpcode() {
    int opcode = opcode();
    return (opcode > 2 && opcode < CLOSE) || opcode > 10;
  }

  /** RFC 7692 section 6: only the first frame of a message says that it is compressed. */
  private boolean unexpectedBits() {
    int allowed = limits.reservedBits();
    if (allowed == COMPRESSED && (control() || opcode() == 0)) {
      allowed = 0;
    }
    return (header[0] & RESERVED & ~allowed) != 0;
  }

  private boolean minimalLength() {
    return switch (header[1] & 0x7f) {
      case 126 -> length() > LONGEST_CONTROL;
      case 127 -> length() > 0xffff;
      default -> true;
    };
  }

  private boolean malformedControl() {
    return (header[0] & FIN) == 0 || length() > LONGEST_CONTROL;
  }

  /** A message begins with its kind and goes on without. */
  private boolean outOfOrder() {
    return (opcode() == 0) != inMessage;
  }

  private @Nullable TunnelEnd tooLarge() {
    long length = length();
    message += length;
    if (length > limits.maxFrame() || message > limits.maxMessage()) {
      return TunnelEnd.TOO_LARGE;
    }
    inMessage = (header[0] & FIN) == 0;
    if (!inMessage) {
      message = 0;
    }
    return null;
  }

  // Frames of the gateway's own.

  /** True when a frame may go now: between two of the peer's. */
  private boolean between() {
    return left == 0;
  }

  /** Sends a frame to where these go, as soon as it may; one that waits already goes alone. */
  void send(ByteBuf frame, TunnelSide to) {
    if (closed || over || pending != null) {
      frame.release();
      return;
    }
    pending = frame;
    inject(to);
    to.flush();
  }

  /** Sends a frame behind which nothing goes. */
  void sendLast(ByteBuf frame, TunnelSide to) {
    if (closed || last) {
      frame.release();
      end();
      return;
    }
    discard();
    pending = frame;
    last = true;
    inject(to);
    to.flush();
  }

  private void inject(TunnelSide to) {
    ByteBuf frame = pending;
    if (frame != null && between()) {
      pending = null;
      to.write(frame);
      if (last) {
        end();
      }
    }
  }

  private void end() {
    over = true;
    ended = true;
    keeper.parted();
  }

  /** True when the last frame has gone. */
  boolean ended() {
    return ended;
  }

  void discard() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }
}
