package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.bus.Topics.ReloadOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A configuration that cannot be used changes nothing, and everybody can see why. */
class RefusedReloadTest {

  private static final String GOOD =
      Running.HEAD
          + """
          listeners: {web: {address: "127.0.0.1:0"}}
          routes: {ok: {respond: {status: 200, body: ok}}}
          """;

  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = Running.of(GOOD);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private void refused(String yaml, String... problems) throws Exception {
    ReloadOutcome outcome = running.reload(yaml);
    assertThat(outcome.result()).isEqualTo("rejected");
    assertThat(outcome.version()).isEqualTo(1);
    assertThat(outcome.problems().stream().map(Object::toString)).containsExactly(problems);
    assertThat(running.get("/").status()).isEqualTo(200);
  }

  private double reloads(String result) {
    return running.metric("sentinel_reloads_total{result=\"" + result + "\"}");
  }

  @Test
  void keepsTheRunningConfigurationAndSaysSoOnce() throws Exception {
    String problem = "gateway.yaml:6:1  error  rutes: unknown key (did you mean routes?)";
    String bad = GOOD.replace("routes:", "rutes:");
    refused(bad, problem);
    refused(bad, problem);

    running.says(1, problem);
    running.says(1, "The running configuration (version 1) stays in use.");
    assertThat(reloads("rejected")).isEqualTo(2);
    assertThat(running.configuration().getBoolean("stale")).isTrue();
    assertThat(running.gateway().status().getJsonObject("lastReload").encode())
        .contains("rejected")
        .contains("did you mean routes?");
    assertThat(running.admin("/readyz").status()).isEqualTo(200);
  }

  @Test
  void recoversWhenTheTextIsMended() throws Exception {
    running.reload("version: 2");
    ReloadOutcome outcome = running.reload(GOOD.replace("200, body: ok", "201"));
    assertThat(outcome.result()).isEqualTo("applied");
    assertThat(outcome.version()).isEqualTo(2);
    assertThat(running.get("/").status()).isEqualTo(201);
    assertThat(running.configuration().getBoolean("stale")).isFalse();
  }

  @Test
  void forgetsTheProblemsWhenTheOldTextComesBack() throws Exception {
    running.reload("version: 2");
    assertThat(running.reload(GOOD).result()).isEqualTo("unchanged");
    assertThat(running.configuration().getBoolean("stale")).isFalse();
    assertThat(running.gateway().status().getJsonObject("lastReload").getJsonArray("problems"))
        .isEmpty();
    refused(
        "version: 2",
        running.reload("version: 2").problems().stream()
            .map(Object::toString)
            .toArray(String[]::new));
  }

  @Test
  void isNoReloadWhenOnlySpacingAndCommentsChange() throws Exception {
    ReloadOutcome outcome = running.reload("# a comment\n" + GOOD.replace("{web", "{  web"));
    assertThat(outcome.result()).isEqualTo("unchanged");
    assertThat(outcome.version()).isEqualTo(1);
    assertThat(reloads("unchanged")).isEqualTo(1);
    assertThat(reloads("applied")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "instances: 2,instances: 3,gateway.yaml:2:21  error  server.instances: 3 (expected: 2",
    "instances: 2,'instances: 2, transport: nio',"
        + "gateway.yaml:2:35  error  server.transport: nio (expected: auto"
  })
  void refusesWhatOnlyARestartCanChange(String old, String changed, String problem)
      throws Exception {
    refused(GOOD.replace(old, changed), problem + ", as it runs; restart to change it)");
  }

  @Test
  void refusesTestsThatDoNotHold() throws Exception {
    refused(
        GOOD + "tests:\n  - {request: \"GET http://a.example/\", expect: {status: 201}}\n",
        "gateway.yaml:8:5  error  tests[0]: GET http://a.example/: status 200 (expected: 201)");
  }

  @Test
  void refusesAnInterceptorClassThatIsMissing() throws Exception {
    ReloadOutcome outcome =
        running.reload(
            GOOD + "filters:\n  own: {type: interceptor, class-name: example.Missing}\n");
    assertThat(outcome.result()).isEqualTo("rejected");
    assertThat(outcome.problems())
        .singleElement()
        .asString()
        .startsWith("gateway.yaml:8:3  error  filters.own: ")
        .contains("example.Missing");
    assertThat(reloads("abandoned")).isEqualTo(1);
  }

  @Test
  void refusesAnAccessLogThatCannotBeWritten() throws Exception {
    ReloadOutcome outcome =
        running.reload(GOOD.replace("to: none", "to: /proc/no/such/folder.log"));
    assertThat(outcome.result()).isEqualTo("rejected");
    assertThat(outcome.problems())
        .singleElement()
        .asString()
        .startsWith("gateway.yaml:4:20  error  log.access.to: ");
  }
}
