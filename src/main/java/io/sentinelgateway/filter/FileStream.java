package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Body.FilePart;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file as a stream that opens the file when it is first read. Begins paused. Confined
 * to one event loop.
 */
final class FileStream implements ReadStream<Buffer> {

  private final Vertx vertx;
  private final FilePart part;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable AsyncFile file;
  private long demand;
  private boolean opening;
  private boolean closed;

  FileStream(Vertx vertx, FilePart part) {
    this.vertx = vertx;
    this.part = part;
  }

  @Override
  public FileStream handler(@Nullable Handler<Buffer> chunk) {
    handler = chunk;
    return this;
  }

  @Override
  public FileStream endHandler(@Nullable Handler<Void> end) {
    endHandler = end;
    return this;
  }

  @Override
  public FileStream exceptionHandler(@Nullable Handler<Throwable> failure) {
    exceptionHandler = failure;
    return this;
  }

  @Override
  public FileStream pause() {
    demand = 0;
    if (file != null) {
      file.pause();
    }
    return this;
  }

  @Override
  public FileStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public FileStream fetch(long amount) {
    if (file != null) {
      file.fetch(amount);
      return this;
    }
    demand = Math.max(demand, demand + amount < 0 ? Long.MAX_VALUE : demand + amount);
    if (!opening && !closed) {
      opening = true;
      vertx
          .fileSystem()
          .open(part.path(), new OpenOptions().setRead(true).setWrite(false).setCreate(false))
          .onComplete(this::opened, this::failed);
    }
    return this;
  }

  private void opened(AsyncFile open) {
    if (closed) {
      open.close();
      return;
    }
    file = open;
    open.pause();
    open.setReadPos(part.offset()).setReadLength(part.length());
    open.exceptionHandler(this::failed);
    open.endHandler(
        v -> {
          close();
          if (endHandler != null) {
            endHandler.handle(null);
          }
        });
    open.handler(
        chunk -> {
          if (handler != null) {
            handler.handle(chunk);
          }
        });
    if (demand > 0) {
      open.fetch(demand);
    }
  }

  private void failed(Throwable cause) {
    close();
    if (exceptionHandler != null) {
      exceptionHandler.handle(cause);
    }
  }

  void close() {
    closed = true;
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
