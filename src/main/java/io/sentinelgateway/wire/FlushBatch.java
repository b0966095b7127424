package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the flushes of one event loop back until everything that was ready has been read, then lets
 * them go one after the other. Under load the peers are then woken once for many messages instead
 * of once for each; with one message under way it goes out in the same turn. Confined to the event
 * loop.
 */
public final class FlushBatch implements Runnable {

  /** What is large is sent at once: the socket's buffer shall not run empty meanwhile. */
  private static final int SMALL = 16 * 1024;

  private @Nullable ChannelHandlerContext[] waiting = new ChannelHandlerContext[64];
  private @Nullable ChannelHandlerContext[] spare = new ChannelHandlerContext[64];
  private int count;

  /** Flushes this channel soon, or now when much is to be sent. */
  public void flush(ChannelHandlerContext channel) {
    if (large(channel)) {
      channel.flush();
      return;
    }
    if (count == 0) {
      channel.executor().execute(this);
    }
    if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, count * 2);
    }
    waiting[count++] = channel;
  }

  private static boolean large(ChannelHandlerContext channel) {
    long full = channel.channel().config().getWriteBufferHighWaterMark();
    return full - channel.channel().bytesBeforeUnwritable() > SMALL;
  }

  /** Called by the event loop between reading and waiting. */
  @Override
  public void run() {
    ChannelHandlerContext[] flushing = waiting;
    int last = count;
    // A flush may bring about more of them, for the next turn.
    waiting = spare;
    spare = flushing;
    count = 0;
    for (int i = 0; i < last; i++) {
      Objects.requireNonNull(flushing[i]).flush();
      flushing[i] = null;
    }
  }
}
