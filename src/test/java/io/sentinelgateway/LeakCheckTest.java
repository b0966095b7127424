package io.sentinelgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** A check that never fails would look the same as one that has nothing to say. */
class LeakCheckTest {

  private final LeakCheck check = new LeakCheck();
  private final ExtensionContext context =
      (ExtensionContext)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {ExtensionContext.class},
              (proxy, method, args) ->
                  method.getName().equals("getRequiredTestClass")
                      ? LeakCheckTest.class
                      : Optional.empty());

  /** Nobody should wonder about a report that is meant to be. */
  private final Logger netty = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

  @BeforeEach
  void keepTheReportOutOfTheLog() {
    netty.setAdditive(false);
  }

  @AfterEach
  void letReportsIntoTheLog() {
    netty.setAdditive(true);
  }

  @Test
  void tracksEveryBuffer() {
    assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
  }

  @Test
  void failsWhenABufferIsLost() throws Exception {
    check.beforeAll(context);
    lose();

    assertThatThrownBy(() -> check.afterAll(context))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 buffers leaked")
        .hasMessageContaining("LeakCheckTest.lose");
    check.afterAll(context);
  }

  private static void lose() {
    ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
  }

  @Test
  void isContentWhenEveryBufferIsReleased() throws Exception {
    check.beforeAll(context);
    ByteBufAllocator.DEFAULT.buffer(16).release();

    check.afterAll(context);
  }
}
