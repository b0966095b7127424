package io.sentinelgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.transport.Transport;
import org.junit.jupiter.api.Test;

/** A transport is believed when a byte came back over it. */
class TransportProbeTest {

  @Test
  void findsNoFaultWithOneThatWorks() {
    assertThat(TransportProbe.failure(Transport.NIO, 2)).isEmpty();
  }

  @Test
  void saysWhyOneDoesNotWork() {
    RuntimeException forbidden =
        new IllegalStateException(
            "failed to create a child event loop",
            new UnsupportedOperationException("Operation not permitted"));
    assertThat(TransportProbe.failure(new Broken(forbidden), 2))
        .contains("Operation not permitted");
  }

  @Test
  void namesAFailureWithoutWords() {
    assertThat(TransportProbe.reason(new IllegalStateException()))
        .isEqualTo("IllegalStateException");
  }

  /** Its event loops cannot be made. */
  private record Broken(RuntimeException failure) implements Transport {

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public boolean available() {
      return true;
    }

    @Override
    public Throwable unavailabilityCause() {
      return failure;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
      throw failure;
    }
  }
}
