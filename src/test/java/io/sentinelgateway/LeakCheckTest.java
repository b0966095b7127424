package io.sentinelgateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

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
