package io.sentinelgateway.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.ClientAuthConfig.Mode;
import io.sentinelgateway.schema.PemFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketKeysTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private PemFile file(String name, byte[] content) throws IOException {
    return PemFile.parse(Files.write(folder.resolve(name), content).toString());
  }

  private ClientAuthConfig require(String ca, String crl) throws IOException {
    return new ClientAuthConfig(
        Mode.REQUIRE,
        Optional.of(file("ca", ca.getBytes(StandardCharsets.US_ASCII))),
        Optional.of(file("crl", crl.getBytes(StandardCharsets.US_ASCII))));
  }

  /** Or a ticket from where less is asked would open where more is. */
  @Test
  void keysDifferWithWhatIsAskedOfClients() throws Exception {
    TicketKeys keys = TicketKeys.of(file("keys", new byte[160]));
    byte[] plain = name(keys, ClientAuthConfig.NONE);
    byte[] strict = name(keys, require("a", "b"));
    assertThat(strict)
        .isNotEqualTo(plain)
        .isEqualTo(name(keys, require("a", "b")))
        .isNotEqualTo(name(keys, require("a", "c")))
        .isNotEqualTo(name(keys, require("ab", "")));
    assertThat(keys.derive(ClientAuthConfig.NONE)).hasSize(2);
  }

  private static byte[] name(TicketKeys keys, ClientAuthConfig asked) {
    return keys.derive(asked)[0].name();
  }

  @Test
  void aRandomKeyOpensTicketsThroughTwoMoreRotations() {
    TicketKeys keys = TicketKeys.random(RANDOM);
    byte[] first = name(keys, ClientAuthConfig.NONE);
    TicketKeys third = keys.rotated(RANDOM).rotated(RANDOM);
    OpenSslSessionTicketKey[] open = third.derive(ClientAuthConfig.NONE);
    assertThat(open).hasSize(3);
    assertThat(open[0].name()).isNotEqualTo(first);
    assertThat(open[2].name()).isEqualTo(first);
    assertThat(third.rotated(RANDOM).derive(ClientAuthConfig.NONE)).hasSize(3);
  }
}
