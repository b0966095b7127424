package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedAgent.REQUEST_BODY;
import static io.sentinelgateway.gateway.ScriptedAgent.REQUEST_HEADERS;
import static io.sentinelgateway.gateway.ScriptedAgent.RESPONSE_HEADERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedAgent.Script;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What agents hear, and what their answers do, on real connections. */
class AgentTest {

  private static final Script ALLOW = ScriptedAgent.allowing(new JsonObject());

  @TempDir private Path folder;

  private Path socket() {
    return folder.resolve("agent.sock");
  }

  private GatewayFixture gateway(ScriptedOrigin origin, String filter) throws Exception {
    return GatewayFixture.start(
        folder,
        "agents: {judge: {address: \"unix:"
            + socket()
            + "\", connections: 1}}\n"
            + GatewayFixture.upstream(origin)
            + "routes: {all: {filters: [{type: agent, agent: judge, timeout: 5s, "
            + filter
            + "}], forward: {upstream: origin}}}\n");
  }

  private static JsonObject op(String action, String name, String value) {
    JsonObject field = new JsonObject().put("name", name);
    return new JsonObject().put(action, value.isEmpty() ? field : field.put("value", value));
  }

  private static JsonObject block(JsonObject members) {
    return new JsonObject().put("block", members);
  }

  private static String decoded(JsonObject message) {
    byte[] bytes = Base64.getDecoder().decode(message.getString("data"));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void tellsWhatIsAskedForAndByWhom() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ALLOW);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      assertThat(gateway.get("/a?b=c", "X-One: 1", "X-One: 2").body()).isEqualTo("ok");
      JsonObject heard = agent.heard(REQUEST_HEADERS).get(0);
      assertThat(heard.getString("method")).isEqualTo("GET");
      assertThat(heard.getString("uri")).isEqualTo("/a?b=c");
      assertThat(heard.getJsonObject("headers").getJsonArray("x-one"))
          .isEqualTo(new JsonArray().add("1").add("2"));
      JsonObject metadata = heard.getJsonObject("metadata");
      assertThat(metadata.getString("client_ip")).isEqualTo("127.0.0.1");
      assertThat(metadata.getInteger("client_port")).isPositive();
      assertThat(metadata.getString("route_id")).isEqualTo("all");
      assertThat(metadata.getString("correlation_id")).isEqualTo(heard.getString("correlation_id"));
      assertThat(gateway.accessLine().getJsonObject("ms").getDouble("agents")).isPositive();
      assertThat(
              gateway.metric(
                  "sentinel_agent_questions_total{agent=\"judge\",event=\"request-headers\","
                      + "outcome=\"allow\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void changesFieldsInOrderBothWays() throws Exception {
    JsonObject changes =
        new JsonObject()
            .put(
                "request_headers",
                new JsonArray()
                    .add(op("set", "x-user", "7"))
                    .add(op("add", "x-user", "8"))
                    .add(op("remove", "cookie", "")))
            .put("response_headers", new JsonArray().add(op("set", "x-judged", "yes")));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ScriptedAgent.allowing(changes));
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      Answer answer = gateway.get("/", "X-User: forged", "Cookie: a=b");
      assertThat(answer.field("x-judged")).contains("yes");
      String request = origin.request();
      assertThat(request).contains("x-user: 7\r\n").contains("x-user: 8\r\n");
      assertThat(request.toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("forged")
          .doesNotContain("cookie");
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void blocksAsTheAgentSays() throws Exception {
    JsonObject said =
        block(
            new JsonObject()
                .put("status", 418)
                .put("body", "no tea")
                .put("headers", new JsonObject().put("x-why", "rule 7")));
    Script script =
        (peer, type, message) ->
            peer.answer(
                message,
                new JsonObject()
                    .put("decision", said)
                    .put("audit", new JsonObject().put("rule_ids", new JsonArray().add("942100"))));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.body()).isEqualTo("no tea");
      assertThat(answer.field("x-why")).contains("rule 7");
      assertThat(origin.requests()).isEmpty();
      assertThat(agent.heard(REQUEST_HEADERS)).hasSize(1);
      JsonObject line = gateway.accessLine();
      assertThat(line.getString("reason")).isEqualTo("blocked_by_agent");
      assertThat(line.getString("detail")).isEqualTo("judge: 942100");
    }
  }

  @Test
  void aPlainBlockIsAnsweredAsOtherFailuresAre() throws Exception {
    JsonObject said = block(new JsonObject().put("status", 403));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ScriptedAgent.deciding(said));
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.reason()).isEqualTo("blocked_by_agent");
      assertThat(answer.body()).doesNotContain("judge");
      assertThat(agent.connections()).isEqualTo(1);
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void redirectsAndChallenges() throws Exception {
    Script script =
        (peer, type, message) ->
            peer.answer(
                message,
                new JsonObject()
                    .put(
                        "decision",
                        switch (message.getString("uri")) {
                          case "/away" ->
                              new JsonObject()
                                  .put(
                                      "redirect",
                                      new JsonObject()
                                          .put("url", "https://a.example/x")
                                          .put("status", 307));
                          case "/human" -> challenge("captcha");
                          default -> challenge("otp");
                        }));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(origin, "challenges: {captcha: \"/captcha?back={path}\"}")) {
      Answer away = gateway.get("/away");
      assertThat(away.status()).isEqualTo(307);
      assertThat(away.field("location")).contains("https://a.example/x");
      Answer human = gateway.get("/human");
      assertThat(human.status()).isEqualTo(302);
      assertThat(human.field("location")).contains("/captcha?back=/human");
      assertThat(gateway.get("/other").reason()).isEqualTo("blocked_by_agent");
      assertThat(agent.heard(REQUEST_HEADERS)).hasSize(3);
      assertThat(origin.requests()).isEmpty();
    }
  }

  private static JsonObject challenge(String type) {
    return new JsonObject().put("challenge", new JsonObject().put("challenge_type", type));
  }

  @Test
  void showsTheWholeContentBeforeAnyOfItIsSent() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok")) {
      List<Integer> sentMeanwhile = new CopyOnWriteArrayList<>();
      Script script =
          (peer, type, message) -> {
            sentMeanwhile.add(origin.requests().size());
            peer.answer(message, new JsonObject().put("decision", "allow"));
          };
      try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
          GatewayFixture gateway = gateway(origin, "on: [request-headers, request-body]");
          RawClient client = gateway.client()) {
        String content = "x".repeat(2500);
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2500\r\n\r\n" + content);
        assertThat(client.answer().body()).isEqualTo("ok");
        assertThat(origin.request()).endsWith("\r\n\r\n" + content);
        List<JsonObject> chunks = agent.heard(REQUEST_BODY);
        assertThat(chunks.stream().map(AgentTest::decoded).toList())
            .isEqualTo(List.of("x".repeat(1024), "x".repeat(1024), "x".repeat(452)));
        assertThat(chunks.stream().map(c -> c.getBoolean("is_last")).toList())
            .isEqualTo(List.of(false, false, true));
        assertThat(chunks.stream().map(c -> c.getInteger("chunk_index")).toList())
            .isEqualTo(List.of(0, 1, 2));
        assertThat(chunks.stream().map(c -> c.getLong("bytes_received")).toList())
            .isEqualTo(List.of(1024L, 2048L, 2500L));
        assertThat(chunks.get(0).getLong("total_size")).isEqualTo(2500);
        assertThat(sentMeanwhile).containsOnly(0);
      }
    }
  }

  @Test
  void replacesContentAndPutsItsLengthRight() throws Exception {
    Script script =
        (peer, type, message) -> {
          JsonObject answer = new JsonObject().put("decision", "allow");
          if (type == REQUEST_BODY) {
            String shout = decoded(message).toUpperCase(java.util.Locale.ROOT) + "!";
            byte[] bytes = shout.getBytes(StandardCharsets.UTF_8);
            answer.put(
                "request_body_mutation",
                new JsonObject()
                    .put("data", Base64.getEncoder().encodeToString(bytes))
                    .put("chunk_index", message.getInteger("chunk_index")));
          }
          peer.answer(message, answer);
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-body]");
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request())
          .endsWith("\r\n\r\nHELLO!")
          .containsIgnoringCase("content-length: 6\r\n");
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.requests().get(1)).contains("HELLO!");
      assertThat(agent.heard(REQUEST_BODY)).hasSize(2);
    }
  }

  @Test
  void blocksByContentAndTheOriginHearsNothing() throws Exception {
    Script script =
        (peer, type, message) -> {
          boolean bad = type == REQUEST_BODY && decoded(message).contains("attack");
          Object decision = bad ? block(new JsonObject().put("status", 403)) : "allow";
          peer.answer(message, new JsonObject().put("decision", decision));
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers, request-body]");
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nattack");
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(origin.requests()).isEmpty();
      // The connection is still good: all of the content was read.
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\npeace");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(agent.heard(REQUEST_BODY)).hasSize(2);
    }
  }

  @Test
  void refusesContentThatItMayNotHold() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ALLOW);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-body], body-bytes: 1KiB")) {
      String content = "x".repeat(1025);
      try (RawClient client = gateway.client()) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1025\r\n\r\n" + content);
        assertThat(client.answer().status()).isEqualTo(413);
      }
      try (RawClient client = gateway.client()) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n"
                + content
                + "\r\n0\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(413);
      }
      assertThat(agent.heard(REQUEST_BODY)).isEmpty();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void passesContentThatItMayNotHoldWhole() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ALLOW);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(origin, "on: [request-body], body-bytes: 1KiB, body-over: pass");
        RawClient client = gateway.client()) {
      String content = "0123456789".repeat(50_000);
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + content.length()
              + "\r\n\r\n"
              + content);
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request()).endsWith("\r\n\r\n" + content);
      List<JsonObject> chunks = agent.heard(REQUEST_BODY);
      assertThat(chunks).hasSize(1);
      assertThat(chunks.get(0).getBoolean("is_last")).isFalse();
      assertThat(decoded(chunks.get(0))).hasSize(1024);
    }
  }

  @Test
  void judgesAnswersOfTheOrigin() throws Exception {
    Script script =
        (peer, type, message) -> {
          boolean secret =
              type == RESPONSE_HEADERS && message.getJsonObject("headers").containsKey("x-secret");
          JsonObject answer = new JsonObject();
          answer.put("decision", secret ? block(new JsonObject().put("status", 502)) : "allow");
          answer.put("response_headers", new JsonArray().add(op("remove", "server", "")));
          peer.answer(message, answer);
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), script);
        ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer ->
                    peer.answerAll(
                        "HTTP/1.1 200 OK\r\nServer: old\r\nX-Secret: 1\r\nContent-Length: 4\r\n\r\nleak"));
        ScriptedOrigin clean =
            ScriptedOrigin.start(
                peer ->
                    peer.answerAll(
                        "HTTP/1.1 201 Created\r\nServer: old\r\nContent-Length: 2\r\n\r\nok"))) {
      try (GatewayFixture gateway = gateway(origin, "on: [response-headers]")) {
        Answer answer = gateway.get("/");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.field("x-secret")).isEmpty();
      }
      try (GatewayFixture gateway = gateway(clean, "on: [response-headers]")) {
        Answer answer = gateway.get("/");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.field("server")).isEmpty();
      }
      List<JsonObject> heard = agent.heard(RESPONSE_HEADERS);
      assertThat(heard.stream().map(m -> m.getInteger("status")).toList())
          .isEqualTo(List.of(200, 201));
    }
  }

  @Test
  void onlyCountsWhatItWouldDenyWhereItObserves() throws Exception {
    JsonObject said = block(new JsonObject().put("status", 403));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ScriptedAgent.deciding(said));
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "mode: observe")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(gateway.metric("sentinel_agent_would_deny_total{agent=\"judge\"}")).isEqualTo(1);
      assertThat(agent.heard(REQUEST_HEADERS)).hasSize(1);
    }
  }

  @Test
  void tellsAnswersApartThatComeInAnotherOrder() throws Exception {
    List<JsonObject> asked = new ArrayList<>();
    Script backwards =
        (peer, type, message) -> {
          asked.add(message);
          if (asked.size() == 20) {
            for (int i = 19; i >= 0; i--) {
              JsonObject each = asked.get(i);
              String uri = each.getString("uri");
              peer.answer(
                  each,
                  new JsonObject()
                      .put("decision", "allow")
                      .put("response_headers", new JsonArray().add(op("set", "x-for", uri))));
            }
          }
        };
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), backwards);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient client = gateway.client();
        clients.add(client);
        client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: same\r\n\r\n");
      }
      for (int i = 0; i < 20; i++) {
        try (RawClient client = clients.get(i)) {
          assertThat(client.answer().field("x-for")).contains("/" + i);
        }
      }
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void cancelsTheQuestionOfAClientThatLeft() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), (peer, type, message) -> {});
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      RawClient client = gateway.client();
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Eventually.value(() -> agent.heard(REQUEST_HEADERS).size(), asked -> asked == 1);
      client.close();
      List<JsonObject> cancelled =
          Eventually.value(() -> agent.heard(ScriptedAgent.CANCEL), all -> !all.isEmpty());
      assertThat(cancelled.get(0).getString("correlation_id"))
          .isEqualTo(agent.heard(REQUEST_HEADERS).get(0).getString("correlation_id"));
      assertThat(cancelled.get(0).getInteger("reason")).isZero();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void leavesAnAgentThatTheConfigurationForgets() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ALLOW);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, "on: [request-headers]")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      gateway.reload(
          GatewayFixture.upstream(origin) + "routes: {all: {forward: {upstream: origin}}}\n");
      Eventually.value(agent::living, living -> living == 0);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(agent.heard(REQUEST_HEADERS)).hasSize(1);
    }
  }
}
