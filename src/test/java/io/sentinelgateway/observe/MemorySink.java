package io.sentinelgateway.observe;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A destination that a test can read, jam and break. Thread-safe. */
final class MemorySink implements AccessSink {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  volatile boolean broken;
  volatile CountDownLatch gate = new CountDownLatch(0);
  final CountDownLatch reached = new CountDownLatch(1);

  @Override
  public OutputStream open() throws IOException {
    if (broken) {
      throw new IOException("broken");
    }
    opened.incrementAndGet();
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        reached.countDown();
        pass();
        if (broken) {
          throw new IOException("broken");
        }
        bytes.write(from, offset, length);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  private void pass() throws IOException {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the test has forgotten the gate");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  List<JsonObject> lines() {
    return text().lines().filter(line -> !line.isEmpty()).map(JsonObject::new).toList();
  }
}
