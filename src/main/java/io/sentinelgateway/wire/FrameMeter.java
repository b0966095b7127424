package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of a client's HTTP/2 frames as they go by: counts those that make us work and ask
 * for nothing, and knows whether a field section is under way. It looks before the codec does,
 * because many of these frames never come out of the codec, or only when it is too late. Confined
 * to the connection's event loop.
 */
final class FrameMeter extends ChannelDuplexHandler {

  private static final int HEAD = 9;
  private static final int PREFACE = 24;
  private static final int END_STREAM = 0x1;
  private static final int PADDED = 0x8;
  private static final int END_HEADERS = 0x4;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int KINDS = 11;

  /** By the type of a frame; the last one is for all types that we do not know. */
  private static final @Nullable Http2Abuse[] ABUSES = {
    Http2Abuse.EMPTY_DATA,
    null,
    Http2Abuse.PRIORITY,
    Http2Abuse.RAPID_RESET,
    Http2Abuse.SETTINGS,
    Http2Abuse.UNKNOWN_FRAME,
    Http2Abuse.PING,
    Http2Abuse.UNKNOWN_FRAME,
    Http2Abuse.WINDOW_UPDATE,
    Http2Abuse.CONTINUATION,
    Http2Abuse.UNKNOWN_FRAME
  };

  private final int most;
  private final Consumer<Http2Abuse> onFlood;
  private final int[] counts = new int[KINDS];
  private int preface = PREFACE;
  private int headBytes;
  private int length;
  private int type;
  private int flags;
  private int payload;
  private int written;
  private boolean sectionOpen;
  private boolean padLength;
  private boolean heard;
  private boolean active;
  private boolean flooded;

  /**
   * @param most frames of one kind between two calls of {@link #renew}
   * @param onFlood told once; nothing is passed on any more
   */
  FrameMeter(int most, Consumer<Http2Abuse> onFlood) {
    this.most = most;
    this.onFlood = onFlood;
  }

  /** A new second begins. */
  void renew() {
    Arrays.fill(counts, 0);
    written = 0;
  }

  /** True while a field section, or the head of a frame, has begun and not ended. */
  boolean sectionOpen() {
    return sectionOpen || headBytes > 0;
  }

  /** True when any byte came since it was asked before. */
  boolean heard() {
    boolean since = heard;
    heard = false;
    return since;
  }

  /** True when a frame came since it was asked before that belongs to a request or its answer. */
  boolean active() {
    boolean since = active;
    active = false;
    return since;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heard = true;
    if (!flooded && message instanceof ByteBuf bytes) {
      read(bytes);
    }
    if (flooded) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    written++;
    context.write(message, promise);
  }

  private void read(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int skipped = Math.min(preface, end - at);
    preface -= skipped;
    at += skipped;
    while (at < end && !flooded) {
      if (payload > 0) {
        at += skip(bytes, at, end);
      } else {
        head(bytes.getUnsignedByte(at++));
      }
    }
  }

  private int skip(ByteBuf bytes, int at, int end) {
    if (padLength) {
      padLength = false;
      emptyData(bytes.getUnsignedByte(at) + 1 >= length);
    }
    int step = Math.min(payload, end - at);
    payload -= step;
    if (payload == 0) {
      frameEnded();
    }
    return step;
  }

  private void head(int octet) {
    switch (headBytes++) {
      case 0, 1, 2 -> length = (length << 8 | octet) & 0xffffff;
      case 3 -> type = Math.min(octet, KINDS - 1);
      case 4 -> flags = octet;
      case HEAD - 1 -> {
        headBytes = 0;
        payload = length;
        frameBegan();
        if (payload == 0) {
          frameEnded();
        }
      }
      default -> {}
    }
  }

  private void frameBegan() {
    switch (type) {
      case HEADERS -> {
        sectionOpen = true;
        active = true;
      }
      case DATA -> {
        padLength = (flags & PADDED) != 0 && length > 0;
        if (!padLength) {
          emptyData(length == 0);
        }
      }
      case WINDOW_UPDATE -> {
        active = true;
        // A client may say for each piece that it got, and for stream and connection alike.
        count(2 * written);
      }
      case RST_STREAM -> {
        active = true;
        count(0);
      }
      default -> count(0);
    }
  }

  private void emptyData(boolean empty) {
    if (!empty) {
      active = true;
    } else if ((flags & END_STREAM) == 0) {
      count(0);
    }
  }

  private void frameEnded() {
    if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
      sectionOpen = false;
    }
  }

  /**
   * @param free so many more of them are no abuse
   */
  private void count(int free) {
    if (++counts[type] > most + free && ABUSES[type] != null) {
      flooded = true;
      onFlood.accept(ABUSES[type]);
    }
  }
}
