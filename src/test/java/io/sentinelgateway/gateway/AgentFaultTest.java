package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedAgent.Script;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an agent costs that fails: at most its time, and never more than the filter says. */
class AgentFaultTest {

  @TempDir private Path folder;

  /** What an agent does wrong, and how that is called. */
  private enum Wrong {
    HANGS("agent_timeout", (peer, type, message) -> {}),
    CLOSES("agent_unavailable", (peer, type, message) -> peer.close()),
    TALKS_GARBAGE(
        "agent_malformed",
        (peer, type, message) ->
            peer.write(
                ByteBuffer.wrap("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))),
    SENDS_NO_JSON("agent_malformed", (peer, type, message) -> peer.send(0x20, "{nonsense")),
    SENDS_AN_UNKNOWN_TYPE("agent_malformed", (peer, type, message) -> peer.send(0x77, "{}")),
    SENDS_AN_EMPTY_FRAME(
        "agent_malformed",
        (peer, type, message) -> peer.write(ByteBuffer.allocate(4).putInt(0).flip())),
    ANNOUNCES_TOO_MUCH(
        "agent_malformed",
        (peer, type, message) -> peer.write(ByteBuffer.allocate(4).putInt(17 << 20).flip())),
    STOPS_IN_A_FRAME(
        "agent_timeout",
        (peer, type, message) ->
            peer.write(ByteBuffer.allocate(5).putInt(100).put((byte) 0x20).flip())),
    ANSWERS_ANOTHER_QUESTION(
        "agent_timeout",
        (peer, type, message) ->
            peer.answer(new JsonObject().put("correlation_id", "other"), allow())),
    DECIDES_NOTHING(
        "agent_malformed", (peer, type, message) -> peer.answer(message, new JsonObject())),
    DECIDES_THE_UNKNOWN(
        "agent_malformed",
        (peer, type, message) -> peer.answer(message, new JsonObject().put("decision", "maybe"))),
    SPLITS_THE_ANSWER(
        "agent_malformed",
        (peer, type, message) ->
            peer.answer(
                message,
                allow()
                    .put(
                        "response_headers",
                        new JsonArray().add(set("x-a", "1\r\nset-cookie: b=c"))))),
    SETS_FRAMING(
        "agent_malformed",
        (peer, type, message) ->
            peer.answer(
                message,
                allow().put("request_headers", new JsonArray().add(set("Content-Length", "0")))));

    private final String reason;

    @SuppressWarnings("ImmutableEnumChecker") // all of them are without state
    private final Script script;

    Wrong(String reason, Script script) {
      this.reason = reason;
      this.script = script;
    }

    private static JsonObject allow() {
      return new JsonObject().put("decision", "allow");
    }

    private static JsonObject set(String name, String value) {
      return new JsonObject().put("set", new JsonObject().put("name", name).put("value", value));
    }
  }

  private Path socket() {
    return folder.resolve("agent.sock");
  }

  private GatewayFixture gateway(ScriptedOrigin origin, String agent, String filter)
      throws Exception {
    return GatewayFixture.start(
        folder,
        "agents: {judge: {address: \"unix:"
            + socket()
            + "\", "
            + agent
            + "}}\n"
            + GatewayFixture.upstream(origin)
            + "routes: {all: {filters: [{type: agent, agent: judge, "
            + filter
            + "}], forward: {upstream: origin}}}\n");
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void refusesTheRequestWhereTheFilterFailsClosed(Wrong wrong) throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), wrong.script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(origin, "connections: 1", "timeout: 300ms, on-failure: closed")) {
      long begin = System.nanoTime();
      Answer answer = gateway.get("/");
      long millis = (System.nanoTime() - begin) / 1_000_000;
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.reason()).isEqualTo(wrong.reason);
      assertThat(answer.body()).doesNotContain("judge:");
      assertThat(origin.requests()).isEmpty();
      // Its time and the timer's resolution; how busy this machine is decides the rest.
      assertThat(millis).isLessThan(3000);
      assertThat(gateway.accessLine().getString("detail")).startsWith("judge: ");
      assertThat(gateway.failures(wrong.reason)).isEqualTo(1);
      assertThat(agent.connections()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  void letsTheRequestPassWhereTheFilterFailsOpen(Wrong wrong) throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), wrong.script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(origin, "connections: 1", "timeout: 300ms, on-failure: open")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(gateway.metric("sentinel_agent_failed_open_total{agent=\"judge\"}")).isEqualTo(1);
      assertThat(agent.connections()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"closed,503", "open,200"})
  void isNotStoppedByAnAgentThatIsAbsentAndFindsItWhenItComes(String mode, int status)
      throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(origin, "connections: 1, reconnect-max: 100ms", "on-failure: " + mode)) {
      assertThat(gateway.get("/").status()).isEqualTo(status);
      try (ScriptedAgent agent =
          ScriptedAgent.start(socket(), ScriptedAgent.allowing(new JsonObject()))) {
        Eventually.value(
            () -> {
              gateway.get("/");
              return agent.heard(ScriptedAgent.REQUEST_HEADERS).size();
            },
            heard -> heard > 0);
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"success\":false,\"error\":\"no\",\"protocol_version\":2}",
        "{\"success\":true,\"protocol_version\":1,\"capabilities\":{}}",
        "{\"success\":true,\"protocol_version\":2,\"encoding\":\"msgpack\",\"capabilities\":{}}",
        "[]",
        "{nonsense"
      })
  void aFailedHandshakeIsNoAgent(String handshake) throws Exception {
    try (ScriptedAgent agent =
            ScriptedAgent.start(socket(), handshake, ScriptedAgent.allowing(new JsonObject()));
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "connections: 1", "on-failure: closed")) {
      assertThat(gateway.get("/").reason()).isIn("agent_unavailable", "agent_timeout");
      assertThat(agent.heard(ScriptedAgent.REQUEST_HEADERS)).isEmpty();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void aSecondAnswerChangesNothing() throws Exception {
    Script twice =
        (peer, type, message) -> {
          peer.answer(message, new JsonObject().put("decision", "allow"));
          JsonObject block = new JsonObject().put("block", new JsonObject().put("status", 403));
          peer.answer(message, new JsonObject().put("decision", block));
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), twice);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "connections: 1", "timeout: 5s")) {
      for (int i = 0; i < 20; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void refusesMoreQuestionsThanAreAllowedAtOnce() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), (peer, type, message) -> {});
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "connections: 1, max-calls: 1", "timeout: 2s");
        RawClient waiting = gateway.client()) {
      waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Eventually.value(
          () -> agent.heard(ScriptedAgent.REQUEST_HEADERS).size(), asked -> asked == 1);
      assertThat(gateway.get("/").reason()).isEqualTo("agent_busy");
      assertThat(waiting.answer().reason()).isEqualTo("agent_timeout");
    }
  }

  @Test
  void closesAConnectionThatDoesNotAnswerPings() throws Exception {
    // An agent that reads nothing after the handshake: its pings stay unanswered too.
    CountDownLatch end = new CountDownLatch(1);
    Script stuck = (peer, type, message) -> end.await();
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), stuck);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(
                origin,
                "connections: 1, ping-interval: 200ms, reconnect-max: 100ms",
                "timeout: 100ms, on-failure: open")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      Eventually.value(agent::connections, made -> made >= 2);
      end.countDown();
    }
  }

  @Test
  void anAgentThatPausesIsAskedNothing() throws Exception {
    Script pausing =
        (peer, type, message) -> {
          peer.send(0x33, "{\"action\":1}");
          peer.answer(message, new JsonObject().put("decision", "allow"));
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), pausing);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "connections: 1", "timeout: 5s")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(gateway.get("/").reason()).isEqualTo("agent_busy");
      assertThat(agent.heard(ScriptedAgent.REQUEST_HEADERS)).hasSize(1);
    }
  }
}
