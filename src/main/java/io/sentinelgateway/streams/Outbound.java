package io.sentinelgateway.streams;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.sentinelgateway.wire.FlushBatch;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** What the streams of one connection send. Confined to its event loop. */
final class Outbound {

  private final SessionHandler handler;
  private final Http2Connection.PropertyKey key;
  private final FlushBatch flushes;
  private final ChannelHandlerContext machine;
  private final ChannelHandlerContext behind;
  private boolean flushing;

  /**
   * @param handler in its pipeline, at the end
   * @param key under which a stream finds ours
   */
  Outbound(
      ChannelHandlerContext machine,
      SessionHandler handler,
      Http2Connection.PropertyKey key,
      FlushBatch flushes) {
    this.handler = handler;
    this.key = key;
    this.flushes = flushes;
    this.machine = machine;
    ChannelInboundHandlerAdapter end = new ChannelInboundHandlerAdapter();
    machine.pipeline().addLast("http2-end", end);
    this.behind = machine.pipeline().context(end);
  }

  void open(OriginStream asking, Http2Headers head, boolean last) {
    Http2Connection connection = handler.connection();
    int id = connection.local().incrementAndGetNextStreamId();
    ChannelFuture sent =
        handler.encoder().writeHeaders(machine, id, head, 0, last, machine.newPromise());
    Http2Stream stream = connection.stream(id);
    if (stream == null) {
      Throwable why = sent.cause();
      asking.notOpened(Failures.unsendable(why == null ? new ClosedChannelException() : why));
    } else {
      stream.setProperty(key, asking);
      asking.opened(stream);
    }
  }

  void data(@Nullable Http2Stream stream, ByteBuf chunk, boolean last) {
    if (stream == null) {
      chunk.release();
    } else {
      handler.encoder().writeData(machine, stream.id(), chunk, 0, last, machine.newPromise());
    }
  }

  void trailers(@Nullable Http2Stream stream, Http2Headers section) {
    if (stream != null) {
      handler.encoder().writeHeaders(machine, stream.id(), section, 0, true, machine.newPromise());
    }
  }

  void reset(@Nullable Http2Stream stream, Http2Error code) {
    if (stream != null) {
      handler.resetStream(machine, stream.id(), code.code(), machine.newPromise());
      flush();
    }
  }

  /** Sends what was written, with what others write in this turn. */
  void flush() {
    if (!flushing) {
      flushing = true;
      flushes.flush(behind);
    }
  }

  boolean writable(@Nullable Http2Stream stream) {
    return stream == null || handler.connection().remote().flowController().isWritable(stream);
  }

  void consumed(@Nullable Http2Stream stream, int bytes) {
    try {
      if (stream != null
          && handler.connection().local().flowController().consumeBytes(stream, bytes)) {
        flush();
      }
    } catch (Http2Exception e) {
      handler.onError(machine, true, e);
    }
  }

  void later(Runnable action) {
    machine.executor().execute(action);
  }

  void ping() {
    handler.encoder().writePing(machine, false, 0, machine.newPromise());
    flush();
  }

  /** All that was written is on its way. */
  void flushed() {
    flushing = false;
  }

  void close() {
    machine.channel().close();
  }

  @Override
  public String toString() {
    return String.valueOf(machine.channel().remoteAddress());
  }
}
