package io.sentinelgateway.forward;

import io.netty.buffer.ByteBuf;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.target.Connection;
import io.vertx.core.MultiMap;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The content of an origin's answer on its way to the client. Confined to one event loop.
 *
 * <p>A chunk that nobody wants yet is kept and the connection is told to pause. What is kept is
 * bounded by what had been read from the socket when it was told.
 */
final class OriginBody implements Body.Source {

  private final Connection connection;
  private final Runnable cancel;
  private final long length;
  private @Nullable ArrayDeque<ByteBuf> kept;
  private @Nullable Receiver receiver;
  private @Nullable MultiMap trailers;
  private @Nullable Throwable failure;
  private boolean paused;
  private boolean stalled;
  private boolean over;

  OriginBody(Connection connection, long length, Runnable cancel) {
    this.connection = connection;
    this.length = length;
    this.cancel = cancel;
  }

  // What comes from the connection.

  void chunk(ByteBuf chunk) {
    Receiver current = receiver;
    if (over) {
      chunk.release();
    } else if (current != null && !paused && kept == null) {
      current.chunk(chunk);
    } else {
      keep(chunk);
    }
  }

  private void keep(ByteBuf chunk) {
    if (kept == null) {
      kept = new ArrayDeque<>(4);
    }
    kept.addLast(chunk);
    stall();
  }

  void quiet() {
    Receiver current = receiver;
    if (current != null && !over) {
      current.quiet();
    }
  }

  void end(MultiMap section) {
    trailers = section;
    drain();
  }

  void fail(Throwable t) {
    failure = t;
    drain();
  }

  /** True while it is the client's turn. */
  boolean paused() {
    return paused || receiver == null;
  }

  // What its consumer does.

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(Receiver consumer) {
    receiver = consumer;
    drain();
  }

  @Override
  public void pause() {
    paused = true;
    stall();
  }

  @Override
  public void resume() {
    paused = false;
    drain();
  }

  private void stall() {
    if (!stalled && live()) {
      stalled = true;
      connection.pause();
    }
  }

  /** Nothing has ended it, so the connection is still ours. */
  private boolean live() {
    return trailers == null && failure == null && !over;
  }

  private void drain() {
    Receiver current = receiver;
    if (current == null || over) {
      return;
    }
    Throwable broken = failure;
    if (broken != null) {
      drop();
      current.failed(broken);
      return;
    }
    ArrayDeque<ByteBuf> waiting = kept;
    while (waiting != null && !paused && !over) {
      ByteBuf chunk = waiting.pollFirst();
      if (waiting.isEmpty()) {
        kept = null;
        waiting = null;
      }
      current.chunk(chunk);
    }
    if (!paused && !over) {
      proceed(current);
    }
  }

  private void proceed(Receiver current) {
    MultiMap section = trailers;
    if (section != null) {
      over = true;
      current.ended(section);
    } else if (stalled) {
      stalled = false;
      connection.resume();
    }
  }

  private void drop() {
    over = true;
    if (kept != null) {
      kept.forEach(ByteBuf::release);
      kept = null;
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      drop();
      cancel.run();
    }
  }
}
