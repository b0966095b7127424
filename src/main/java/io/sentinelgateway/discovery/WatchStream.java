package io.sentinelgateway.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The events of a watch as they come in, one JSON object a line. A line that never ends, a line
 * that is no event, and a connection that has died silently all end it. Confined to one context.
 */
final class WatchStream {

  /** A slice has at most a thousand endpoints. */
  private static final int MAX_LINE = 4 * 1024 * 1024;

  private final HttpClientResponse response;
  private final Alarm patience;
  private final Duration limit;
  private boolean over;

  /**
   * @param response paused
   * @param limit after which the server must have ended the watch by itself
   */
  WatchStream(Vertx vertx, HttpClientResponse response, Duration limit) {
    this.response = response;
    this.patience = new Alarm(vertx);
    this.limit = limit;
  }

  /**
   * @param event may throw: then the watch ends with the message as trouble
   * @param ended gets the trouble, once; empty: a regular end
   */
  WatchStream start(Consumer<JsonObject> event, Consumer<String> ended) {
    RecordParser lines = RecordParser.newDelimited("\n", response);
    lines.maxRecordSize(MAX_LINE);
    lines.handler(line -> read(line, event, ended));
    lines.exceptionHandler(e -> end(String.valueOf(e.getMessage()), ended));
    lines.endHandler(end -> end("", ended));
    patience.set(limit, () -> end("the watch did not end in time", ended));
    response.resume();
    return this;
  }

  private void read(Buffer line, Consumer<JsonObject> event, Consumer<String> ended) {
    if (over || line.length() == 0) {
      return;
    }
    try {
      event.accept(line.toJsonObject());
    } catch (RuntimeException e) {
      end(String.valueOf(e.getMessage()), ended);
    }
  }

  private void end(String trouble, Consumer<String> ended) {
    if (!over) {
      close();
      ended.accept(trouble);
    }
  }

  void close() {
    over = true;
    patience.cancel();
    response.request().reset();
  }
}
