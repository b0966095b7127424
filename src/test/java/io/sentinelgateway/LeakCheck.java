package io.sentinelgateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which a buffer was lost. Found by the class path, so it watches all of
 * them; the build has Netty track every buffer.
 *
 * <p>A lost buffer is known only when the garbage collector has met it and the next buffer is made:
 * both are done here. What it meets later is found behind the next class; the report names where
 * the buffer was used.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {

  private static final long PATIENCE_MILLIS = 5000;

  private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

  @Override
  public void beforeAll(ExtensionContext context) {
    ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    if (!outermost(context)) {
      return;
    }
    // What one collection met becomes known in no order; all of it before what the next one meets.
    collectGarbage();
    collectGarbage();
    ByteBufAllocator.DEFAULT.buffer(1).release();
    List<String> found = new ArrayList<>();
    for (String leak = leaks.poll(); leak != null; leak = leaks.poll()) {
      found.add(leak);
    }
    if (!found.isEmpty()) {
      throw new AssertionError(found.size() + " buffers leaked: " + found);
    }
  }

  private static boolean outermost(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() == null;
  }

  /** Returns when it became known that an object which nobody holds was met. */
  private static void collectGarbage() throws InterruptedException {
    ReferenceQueue<Object> met = new ReferenceQueue<>();
    WeakReference<Object> lost = new WeakReference<>(new Object(), met);
    System.gc();
    if (met.remove(PATIENCE_MILLIS) != lost) {
      throw new AssertionError("no garbage was collected");
    }
  }
}
