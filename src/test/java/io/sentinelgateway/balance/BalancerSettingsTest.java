package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be wrong with a balancer, and that the reader says so. */
class BalancerSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          type: sticky                                   | key         | missing
          type: sticky, key: short                       | key         | too short
          type: sticky, key: 0123456789abcdef, cookie: a b   | cookie  | a token
          type: sticky, key: 0123456789abcdef, path: '/;x'   | path    | without a semicolon
          type: maglev, table-size: 65536                | table-size  | a prime
          type: maglev, key: nonsense                    | key         | client-address, path
          type: maglev, key: '{nonsense}'                | key         | no such placeholder
          type: ring-hash, bounded-load: 1.0             | bounded-load | 1.05 to 10
          type: subset                                   | size        | missing
          type: priority, balancer: {type: maglev, table-size: 1000} | balancer.table-size | a prime
          """)
  void isRefused(String keys, String at, String message) {
    assertThat(Balancing.read(keys).problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.path()).endsWith(".balancer." + at);
              assertThat(problem.message()).contains(message);
            });
  }

  @ParameterizedTest
  @CsvSource({"locality-aware, server.zone", "'subset, size: 3', server.instance"})
  void aGatewayThatDoesNotKnowItselfIsRefused(String type, String key) {
    assertThat(Balancing.read("server: {}", "type: " + type).problems())
        .extracting(Problem::message)
        .anySatisfy(message -> assertThat(message).contains(key));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sticky, key: 0123456789abcdef", "locality-aware", "priority", "subset, size: 2"})
  void whatIsRememberedOfTargetsIsUpToTheInnerRule(String outer) {
    assertThat(settings(outer + ", balancer: {type: adaptive, decay: 3s}").decay())
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(settings(outer + ", balancer: {type: least-tokens, bytes-per-token: 5}").tokens(50))
        .isEqualTo(11);
  }

  @Test
  void tokensAreEstimatedByLength() {
    BalancerSettings tokens = settings("least-tokens");
    assertThat(tokens.tokens(0)).isEqualTo(1);
    assertThat(tokens.tokens(4000)).isEqualTo(1001);
    assertThat(tokens.tokens(-1)).isEqualTo(1000);
    assertThat(settings("round-robin").tokens(4000)).isZero();
  }

  private static BalancerSettings settings(String keys) {
    return Balancing.read("type: " + keys).config().orElseThrow().upstreams().get("u").balancer();
  }
}
