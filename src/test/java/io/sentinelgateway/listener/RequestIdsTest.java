package io.sentinelgateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.ServerConfig.RequestIdConfig;
import io.sentinelgateway.config.ServerConfig.RequestIdConfig.AcceptFrom;
import io.sentinelgateway.config.ServerConfig.RequestIdConfig.Format;
import io.sentinelgateway.exchange.Client;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose request id is taken, and what a new one looks like. */
class RequestIdsTest {

  private final Random random = new Random(1);

  private String id(Format format, AcceptFrom from, boolean trusted, String given) {
    InetAddress address = InetAddress.getLoopbackAddress();
    MultiMap fields = HttpHeaders.headers();
    if (!given.isEmpty()) {
      fields.add("X-Correlation-Id", given);
    }
    return RequestIds.of(
        fields,
        new Client(address, 1, address, trusted, false),
        new RequestIdConfig("X-Correlation-Id", format, from),
        random);
  }

  @Test
  void makesAUuidOfVersionFour() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String id = id(Format.UUID, AcceptFrom.NONE, false, "");
      assertThat(id).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
      assertThat(java.util.UUID.fromString(id).version()).isEqualTo(4);
      made.add(id);
    }
    assertThat(made).hasSize(1000);
  }

  @Test
  void makesAShortOne() {
    Set<String> made = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      String id = id(Format.SHORT, AcceptFrom.NONE, false, "");
      assertThat(id).matches("[A-Za-z0-9_-]{22}");
      made.add(id);
    }
    assertThat(made).hasSize(1000);
  }

  @Test
  void believesWhoeverTheSettingsSay() {
    assertThat(id(Format.UUID, AcceptFrom.ALL, false, "given")).isEqualTo("given");
    assertThat(id(Format.UUID, AcceptFrom.TRUSTED, true, "given")).isEqualTo("given");
    assertThat(id(Format.UUID, AcceptFrom.TRUSTED, false, "given")).isNotEqualTo("given");
    assertThat(id(Format.UUID, AcceptFrom.NONE, true, "given")).isNotEqualTo("given");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\"b", "a/b", "<a>", "a,b", "ä", "a\tb"})
  void takesNoIdThatIsUnsafeToRepeat(String given) {
    assertThat(id(Format.UUID, AcceptFrom.ALL, true, given)).hasSize(36);
  }

  @Test
  void takesNoIdThatIsTooLong() {
    assertThat(id(Format.UUID, AcceptFrom.ALL, true, "x".repeat(128))).hasSize(128);
    assertThat(id(Format.UUID, AcceptFrom.ALL, true, "x".repeat(129))).hasSize(36);
  }
}
