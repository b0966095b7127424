package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway;
import io.sentinelgateway.verticle.Http;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

  private static final String CONFIG =
      """
      version: 1
      server: {instances: 1, warm-up: {duration: 0s}}
      admin: {address: "127.0.0.1:0"}
      log: {access: {to: none}}
      listeners:
        web: {address: "127.0.0.1:0"}
        inside: {address: "127.0.0.1:0"}
      upstreams:
        shop: {targets: [{address: "localhost:9000"}]}
      routes:
        beta:
          match: {path: {prefix: /shop}, headers: {x-beta: "1"}}
          respond: {status: 204}
        shop:
          match: {path: {prefix: /shop}}
          filters: [{type: security-headers}]
          forward: {upstream: shop, rewrite: {strip-prefix: /shop}}
        near:
          match: {path: /near, source: [10.0.0.0/8]}
          respond: {status: 200}
        private:
          match: {path: /private}
          listeners: [inside]
          respond: {status: 200}
      """;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("s.yaml"), CONFIG);
  }

  private Shell.Ended explain(String... question) {
    List<String> words = new ArrayList<>(List.of("explain", "--config", file.toString()));
    words.addAll(List.of(question));
    return Shell.run(words.toArray(String[]::new));
  }

  private JsonObject json(String... question) {
    List<String> words = new ArrayList<>(List.of(question));
    words.add("--json");
    Shell.Ended ended = explain(words.toArray(String[]::new));
    assertThat(ended.status()).as(ended.err()).isZero();
    return new JsonObject(ended.out());
  }

  @Test
  void tellsTheCandidatesTheWinnerAndWhereItGoes() {
    Shell.Ended ended = explain("GET http://a.example/shop/cart?x=1");
    assertThat(ended.status()).isZero();
    assertThat(ended.out())
        .contains("listener web", "beta", "x-beta", "security-headers")
        .contains("upstream shop (localhost:9000)", "target   /cart?x=1");
  }

  @Test
  void judgesFieldsClientAndListener() {
    assertThat(json("GET http://a.example/shop", "-H", "X-Beta: 1").getInteger("status"))
        .isEqualTo(204);
    assertThat(json("GET http://a.example/near").getInteger("status")).isEqualTo(404);
    assertThat(json("GET http://a.example/near", "--client", "10.1.2.3").getInteger("status"))
        .isEqualTo(200);
    assertThat(json("GET http://a.example/private").getInteger("status")).isEqualTo(404);
    assertThat(json("GET http://a.example/private", "--listener", "inside").getInteger("status"))
        .isEqualTo(200);
  }

  @Test
  void refusesAQuestionThatIsNone() {
    for (String question : List.of("nonsense", "GET", "GET /relative", "G:T http://a.example/")) {
      Shell.Ended ended = explain(question);
      assertThat(ended.status()).as(question).isEqualTo(2);
      assertThat(ended.err()).as(question).isNotBlank().doesNotContain("\tat ");
    }
    assertThat(explain("GET http://a.example/", "--listener", "no").status()).isEqualTo(2);
    assertThat(explain("GET http://a.example/", "--client", "x").status()).isEqualTo(2);
    assertThat(explain("GET http://a.example/", "-H", "x").status()).isEqualTo(2);
    assertThat(explain().status()).isEqualTo(2);
  }

  @Test
  void reportsAConfigurationThatCannotBeUsed() throws Exception {
    Files.writeString(file, CONFIG.replace("routes:", "rutes:"));
    Shell.Ended ended = explain("GET http://a.example/");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("rutes: unknown key (did you mean routes?)");
    Files.writeString(
        file, CONFIG + "filters:\n  own: {type: interceptor, class-name: example.Missing}\n");
    ended = explain("GET http://a.example/");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains(":26:3  error  filters.own: ").doesNotContain("\tat ");
  }

  @Test
  void answersAsTheLiveGatewayDoes() throws Exception {
    Sources sources = Sources.of("s.yaml", CONFIG);
    ReadResult read = ConfigOption.reader().read(sources);
    Gateway gateway =
        Gateway.start(
                new Gateway.Start(
                    read, sources, false, () -> sources, ConfigOption.reader(), "", "test"))
            .await();
    try {
      for (String question : List.of("GET http://a.example/shop/cart", "GET http://a.example/no")) {
        String asked = URLEncoder.encode(question, StandardCharsets.UTF_8);
        Http.Answer answer = Http.get(gateway.adminPort(), "/explain?request=" + asked);
        assertThat(new JsonObject(answer.content())).isEqualTo(json(question));
      }
    } finally {
      gateway.close().await();
    }
  }
}
