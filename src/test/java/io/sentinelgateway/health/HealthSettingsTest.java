package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.StatusRange;
import io.sentinelgateway.schema.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be configured, and what cannot. */
class HealthSettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"http", "tcp", "grpc"})
  void everyKindHasTheSameRhythm(String type) {
    ActiveConfig plain = Given.active("type: " + type).checks();
    assertThat(plain.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(plain.timeout()).isEqualTo(Duration.ofSeconds(1));
    ActiveConfig own = Given.active("healthy-after: 7, port: 81, type: " + type).checks();
    assertThat(own.healthyAfter()).isEqualTo(7);
    assertThat(own.port()).contains(81);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "active: {type: http, path: x} | active.path: x (expected: / and no space or control)",
        "active: {type: http, statuses: []} | active.statuses: none (expected: at least one)",
        "active: {type: http, statuses: [300-200]} | statuses[0]: 300-200 (expected: a status or",
        "active: {type: http, method: HEAD, contains: x} | active.contains: never there",
        "active: {type: http, headers: {a b: c}} | no field (expected: a name and a value",
        "active: {type: http, interval: 1ms} | active.interval: 1ms (expected: 10ms to 1h)",
        "active: {type: udp} | udp",
        "active: {type: tcp, path: /} | active.path: unknown key",
        "passive: {outliers: {interval: 1s}} | passive.outliers: compares nothing (expected:",
        "panic-below: 101% | panic-below: 101% (expected: a percentage"
      })
  void badSettingsAreRefusedAtTheirPlace(String health, String problem) {
    List<String> problems =
        Given.read(health, "a:1").problems().stream().map(Problem::toString).toList();
    assertThat(problems).anySatisfy(found -> assertThat(found).contains(problem));
  }

  @Test
  void aRangeOfStatusesIsPrintedAsItIsRead() {
    for (String text : List.of("200-299", "404")) {
      assertThat(StatusRange.parse(text)).hasToString(text);
    }
    assertThat(StatusRange.parse("404").holds(404)).isTrue();
    assertThat(StatusRange.parse("200-299").holds(300)).isFalse();
  }
}
