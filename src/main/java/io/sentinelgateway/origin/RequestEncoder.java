package io.sentinelgateway.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the requests of one connection as RFC 9112 wants them, straight into the buffer that is
 * sent: no message object, no second copy of the field lines. Confined to the connection's event
 * loop.
 */
final class RequestEncoder {

  private static final int USUAL_HEAD = 1024;
  private static final int USUAL_FRAMING = 64;
  private static final int COLON_SPACE = ':' << 8 | ' ';
  private static final int CRLF = '\r' << 8 | '\n';
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final byte[] DIGITS = ascii("0123456789abcdef");

  private final ChannelHandlerContext channel;
  private @Nullable ByteBuf held;
  private boolean chunked;

  RequestEncoder(ChannelHandlerContext channel) {
    this.channel = channel;
  }

  void begin(String method, String target) {
    ByteBuf out = held(USUAL_HEAD);
    text(out, method);
    out.writeByte(' ');
    text(out, target);
    out.writeBytes(VERSION);
  }

  void field(CharSequence name, CharSequence value) {
    field(held(USUAL_HEAD), name, value);
  }

  private static void field(ByteBuf out, CharSequence name, CharSequence value) {
    text(out, name);
    out.writeShort(COLON_SPACE);
    text(out, value);
    out.writeShort(CRLF);
  }

  private static void text(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString ascii) {
      out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
    } else {
      // Not for ASCII alone: it writes the lower octet of each character, as Netty's encoder does,
      // so that obs-text (RFC 9110 section 5.5) goes on as it came.
      ByteBufUtil.writeAscii(out, text);
    }
  }

  /**
   * @param inChunks true when nobody knows yet how much content follows
   */
  void endHead(boolean inChunks) {
    chunked = inChunks;
    ByteBuf out = held(USUAL_HEAD);
    if (chunked) {
      out.writeBytes(CHUNKED);
    }
    out.writeShort(CRLF);
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
      held(USUAL_FRAMING).writeShort(CRLF);
    }
  }

  private static void chunkSize(ByteBuf out, int size) {
    int highest = (31 - Integer.numberOfLeadingZeros(size)) & ~3;
    for (int shift = highest; shift >= 0; shift -= 4) {
      out.writeByte(DIGITS[(size >>> shift) & 0xf]);
    }
    out.writeShort(CRLF);
  }

  /** RFC 9112 sections 7.1 and 7.1.2: the last chunk and the trailer section. */
  void end(@Nullable MultiMap trailers) {
    if (chunked) {
      ByteBuf out = held(USUAL_FRAMING);
      out.writeBytes(LAST_CHUNK);
      if (trailers != null) {
        for (Map.Entry<String, String> line : trailers) {
          field(out, line.getKey(), line.getValue());
        }
      }
      out.writeShort(CRLF);
    }
    flush();
  }

  void flush() {
    writeHeld();
    channel.flush();
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
