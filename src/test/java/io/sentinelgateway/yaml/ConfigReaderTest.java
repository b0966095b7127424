package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.FilterRef;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.config.MatchConfig.PathMatch;
import io.sentinelgateway.config.MatchConfig.ValueMatch;
import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Percent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  private final ConfigReader reader = new ConfigReader(TestKinds.all(), name -> Optional.empty());

  @TempDir private Path temporary;

  private GatewayConfig everything() throws IOException {
    String text = Files.readString(Path.of("src/test/resources/config/good/everything.yaml"));
    ReadResult result = reader.readText("everything.yaml", text);
    assertThat(result.problems()).isEmpty();
    return result.config().orElseThrow();
  }

  @Test
  void fillsInDefaultsForAbsentKeys() throws IOException {
    GatewayConfig config = everything();
    assertThat(config.server().quietPeriod()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.server().reload().lastKnownGood()).isEmpty();
    assertThat(config.listeners().get("web").protocols())
        .containsExactly(ListenerConfig.Protocol.HTTP1);
    assertThat(config.routes().get("away").match().path()).isEmpty();
  }

  @Test
  void readsEveryFormOfScalar() throws IOException {
    GatewayConfig config = everything();
    assertThat(config.server().instances().count()).isEqualTo(4);
    assertThat(config.server().transport()).isEqualTo(ServerConfig.Transport.IO_URING);
    assertThat(config.server().drainTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.listeners().get("web").timeouts().request()).contains(Duration.ofDays(2));
    assertThat(config.listeners().get("web").limits().contentBytes())
        .contains(new ByteSize(1 << 20));
    assertThat(config.upstreams().get("shop").health().passive().orElseThrow().maxEjected())
        .isEqualTo(new Percent(0.125));
  }

  @Test
  void readsShorthandsAsTheirLongForms() throws IOException {
    MatchConfig match = everything().routes().get("all").match();
    assertThat(match.host()).containsExactly("shop.example");
    assertThat(match.path())
        .contains(
            new PathMatch(
                Optional.of("/cart"), Optional.empty(), Optional.empty(), Optional.empty()));
    assertThat(match.headers().get("dnt"))
        .isEqualTo(new ValueMatch(Optional.empty(), Optional.empty(), Optional.of(true)));
    assertThat(match.headers().get("x-api-version"))
        .isEqualTo(new ValueMatch(Optional.of("2"), Optional.empty(), Optional.empty()));
  }

  @Test
  void choosesSettingsByTypeAndHandlersByKey() throws IOException {
    GatewayConfig config = everything();
    assertThat(config.upstreams().get("shop").balancer())
        .isEqualTo(new TestKinds.Sticky("id", Duration.ofHours(1)));
    RouteConfig route = config.routes().get("all");
    assertThat(route.handler()).isInstanceOf(TestKinds.Forward.class);
    assertThat(route.filters().get(0)).isEqualTo(new FilterRef.Named("limit"));
    assertThat(route.filters().get(1)).isInstanceOf(FilterRef.Inline.class);
    assertThat(config.routes().get("away").handler())
        .isEqualTo(new TestKinds.Redirect("https://a.example/"));
  }

  @Test
  void keepsTheOrderOfTheFile() throws IOException {
    assertThat(everything().routes().keySet()).containsExactly("all", "away");
    assertThat(List.copyOf(everything().filters().keySet())).containsExactly("limit", "fields");
  }

  @Test
  void equalTextsGiveEqualConfigurations() throws IOException {
    assertThat(everything()).isEqualTo(everything()).hasSameHashCodeAs(everything());
  }

  @Test
  void aChangedSecretIsAChangedConfiguration() throws IOException {
    Path secret = temporary.resolve("token");
    String yaml = "version: 1\nlisteners: {w: {address: \":1\"}}\nadmin: {token: \"%s\"}\n";
    String text = yaml.formatted("file:" + secret);
    Files.writeString(secret, "one");
    ReadResult before = reader.readText("a.yaml", text);
    Files.writeString(secret, "two");
    ReadResult after = reader.readText("a.yaml", text);
    assertThat(before.config()).isPresent().isNotEqualTo(after.config());
    assertThat(before.hash()).isEqualTo(after.hash());
  }
}
