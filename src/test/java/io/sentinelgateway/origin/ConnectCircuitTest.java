package io.sentinelgateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.schema.Address;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a target that cannot be connected to is left alone, and for how long. */
class ConnectCircuitTest {

  private static final ConnectionsConfig SETTINGS = settings("{}");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final ConnectCircuit circuit = new ConnectCircuit(new Random(7));

  private static ConnectionsConfig settings(String yaml) {
    return Targets.of(Address.parse("127.0.0.1:1"), yaml).settings().connections();
  }

  private void fail(long now, ConnectionsConfig settings) {
    circuit.failed(now, circuit.begins(), settings);
  }

  private void open(long now) {
    for (int i = 0; i < 5; i++) {
      fail(now, SETTINGS);
    }
  }

  /** How long from now until a connect is allowed, in steps of a millisecond. */
  private long pause(long now) {
    long at = now;
    while (!circuit.allows(at)) {
      at += 1_000_000;
    }
    return at - now;
  }

  @Test
  void suspendsAfterSoManyFailuresInARow() {
    for (int i = 0; i < 4; i++) {
      fail(0, SETTINGS);
    }
    assertThat(circuit.allows(0)).isTrue();
    circuit.succeeded();
    open(0);
    assertThat(circuit.allows(0)).isFalse();
  }

  @Test
  void pausesLongerEachTimeButNeverLongerThanItMay() {
    open(0);
    long now = 0;
    long first = pause(now);
    assertThat(first).isLessThanOrEqualTo(SECOND / 16 + 1_000_000);
    for (int i = 0; i < 50; i++) {
      now += pause(now);
      fail(now, SETTINGS);
      assertThat(pause(now)).isBetween(SECOND / 32, SECOND);
    }
    assertThat(pause(now)).isGreaterThan(SECOND / 2 - 1_000_000);
  }

  @Test
  void letsOneConnectProbe() {
    open(0);
    assertThat(circuit.begins()).isTrue();
    assertThat(circuit.allows(SECOND)).isFalse();
    circuit.succeeded();
    assertThat(circuit.allows(SECOND)).isTrue();
    assertThat(circuit.begins()).isFalse();
  }

  @Test
  void doesNotCountAFailureOfBeforeAgainstTheProbe() {
    open(0);
    boolean probe = circuit.begins();
    circuit.failed(SECOND, false, SETTINGS);
    assertThat(circuit.allows(2 * SECOND)).isFalse();
    circuit.failed(SECOND, probe, SETTINGS);
    assertThat(pause(SECOND)).isLessThanOrEqualTo(SECOND);
  }

  @Test
  void neverSuspendsWhereThatIsTurnedOff() {
    for (int i = 0; i < 1000; i++) {
      fail(0, settings("{suspend-after: 0}"));
    }
    assertThat(circuit.allows(0)).isTrue();
  }
}
