package io.sentinelgateway.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the requests of one connection as RFC 9112 wants them, straight into the buffer that is
 * sent: no message object, no second copy of the field lines. Confined to the connection's event
 * loop.
 */
final class RequestEncoder {

  private static final int USUAL_FRAMING = 64;
  private static final byte[] COLON_SPACE = ascii(": ");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final byte[] DIGITS = ascii("0123456789abcdef");

  private final ChannelHandlerContext channel;
  private final Octets head;
  private final FlushBatch flushes;
  private @Nullable ByteBuf held;
  private boolean chunked;

  RequestEncoder(ChannelHandlerContext channel, Lane lane) {
    this.channel = channel;
    this.head = lane.head();
    this.flushes = lane.flushes();
  }

  void begin(String method, String target) {
    head.clear();
    head.put(method);
    head.put(' ');
    head.put(target);
    head.put(VERSION);
  }

  void field(CharSequence name, CharSequence value) {
    head.put(name);
    head.put(COLON_SPACE);
    head.put(value);
    head.put(CRLF);
  }

  /**
   * @param inChunks true when nobody knows yet how much content follows
   */
  void endHead(boolean inChunks) {
    chunked = inChunks;
    if (chunked) {
      head.put(CHUNKED);
    }
    head.put(CRLF);
    writeHead();
  }

  private void writeHead() {
    held(head.length()).writeBytes(head.array(), 0, head.length());
  }

  /** RFC 9112 section 7.1; an empty chunk would be the last one. */
  void content(ByteBuf chunk) {
    int size = chunk.readableBytes();
    if (size == 0) {
      chunk.release();
      return;
    }
    if (chunked) {
      chunkSize(held(USUAL_FRAMING), size);
    }
    writeHeld();
    channel.write(chunk, channel.voidPromise());
    if (chunked) {
      held(USUAL_FRAMING).writeBytes(CRLF);
    }
  }

  private static void chunkSize(ByteBuf out, int size) {
    int highest = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
    for (int shift = highest; shift >= 0; shift -= 4) {
      out.writeByte(DIGITS[(size >>> shift) & 0xf]);
    }
    out.writeBytes(CRLF);
  }

  /** RFC 9112 sections 7.1 and 7.1.2: the last chunk and the trailer section. */
  void end(@Nullable MultiMap trailers) {
    if (chunked) {
      head.clear();
      head.put(LAST_CHUNK);
      if (trailers != null) {
        trailers.forEach(this::field);
      }
      head.put(CRLF);
      writeHead();
    }
    flush();
  }

  void flush() {
    writeHeld();
    flushes.flush(channel);
  }

  private ByteBuf held(int capacity) {
    ByteBuf out = held;
    if (out == null) {
      out = channel.alloc().directBuffer(capacity);
      held = out;
    }
    return out;
  }

  private void writeHeld() {
    ByteBuf out = held;
    if (out != null) {
      held = null;
      channel.write(out, channel.voidPromise());
    }
  }

  /** Drops what was not sent. */
  void release() {
    ByteBuf out = held;
    if (out != null) {
      held = null;
      out.release();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
