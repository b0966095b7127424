package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Targets that misbehave in every way, one at a time: what the client sees and when, what is tried
 * again, and that nothing is left over. {@link GatewayFixture#close} asserts the last for all.
 */
class ChaosTest {

  private static final long TIMEOUT_MILLIS = 600;
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir Path folder;

  private GatewayFixture gateway(String retry, String... addresses) throws Exception {
    StringBuilder targets = new StringBuilder();
    for (String address : addresses) {
      targets.append("{address: \"").append(address).append("\"}, ");
    }
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          origin:
            targets: [%s]
            connections: {connect-timeout: %dms}
            timeouts: {response: %dms, idle: %dms}
        routes: {all: {forward: {upstream: origin, retry: %s}}}
        """
            .formatted(targets, TIMEOUT_MILLIS, TIMEOUT_MILLIS, TIMEOUT_MILLIS, retry));
  }

  private static final String ALL = "{on: [connect-failure, stale-connection, reset, timeout]}";

  private static String request(String method) {
    return method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
  }

  /** Everything that comes until the gateway closes. */
  private static String raw(GatewayFixture gateway, String method) throws IOException {
    try (RawClient client = gateway.client()) {
      return client.send(request(method)).rest();
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void saysWhatHappenedInTime(Fault fault) throws Exception {
    try (Faulty target = Faulty.of(fault);
        GatewayFixture gateway = gateway("{attempts: 1}", target.address())) {
      // The fastest of three: the machine may be busy, the gateway must not be late each time.
      long fastest = Long.MAX_VALUE;
      int asked = 0;
      do {
        long begun = System.nanoTime();
        String answer = raw(gateway, "GET");
        fastest = Math.min(fastest, System.nanoTime() - begun);
        asked++;
        assertThat(answer).startsWith("HTTP/1.1 " + fault.status);
      } while (asked < 3 && fastest > TIMEOUT_MILLIS * 1_100_000);

      assertThat(fastest).isLessThanOrEqualTo(TIMEOUT_MILLIS * 1_100_000);
      assertThat(gateway.accessLog(asked))
          .allSatisfy(
              line -> {
                assertThat(line.getString("reason")).isEqualTo(fault.reason);
                assertThat(line.getInteger("attempts")).isEqualTo(1);
              });
      assertThat(gateway.failures(fault.reason)).isEqualTo(asked);
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void hidesFromIdempotentRequestsWhatCanBeHidden(Fault fault) throws Exception {
    try (Faulty target = Faulty.of(fault);
        ScriptedOrigin good = ScriptedOrigin.ok("good");
        GatewayFixture gateway = gateway(ALL, target.address(), good.address())) {
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(raw(gateway, "GET"));
      }
      if (fault.effect == Fault.Effect.SEEN) {
        assertThat(answers).anyMatch(answer -> !answer.endsWith("good"));
        assertThat(gateway.accessLog(4)).allMatch(line -> line.getInteger("attempts") == 1);
      } else {
        assertThat(answers).allMatch(answer -> answer.endsWith("\r\n\r\ngood"));
        assertThat(gateway.accessLog(4)).anyMatch(line -> line.getInteger("attempts") == 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void sendsAPostOnceUnlessNothingOfItLeft(Fault fault) throws Exception {
    try (Faulty target = Faulty.of(fault);
        ScriptedOrigin good = ScriptedOrigin.ok("good");
        GatewayFixture gateway = gateway(ALL, target.address(), good.address())) {
      int good200 = 0;
      for (int i = 0; i < 4; i++) {
        good200 += raw(gateway, "POST").endsWith("\r\n\r\ngood") ? 1 : 0;
      }
      int sent = target.requests().size() + good.requests().size();
      assertThat(sent).as("each once, somewhere").isEqualTo(4);
      assertThat(good200).isEqualTo(fault.effect == Fault.Effect.NONE ? 4 : 2);
    }
  }

  @Test
  void neverGivesASecondAnswerToAnybody() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    String own = ScriptedOrigin.sized(ScriptedOrigin.Peer.target(r.get()));
                    peer.write(own + ScriptedOrigin.sized("surplus"));
                  }
                });
        GatewayFixture gateway = gateway(ALL, origin.address());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/" + i).body()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void servesWhileATargetFlaps() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ScriptedOrigin flapping =
            ScriptedOrigin.start(
                peer -> {
                  // Every second connection is good for three requests.
                  if (connections.incrementAndGet() % 2 == 0) {
                    for (int i = 0; i < 3; i++) {
                      peer.request();
                      peer.write(OK);
                    }
                  }
                  peer.reset();
                });
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(ALL, flapping.address(), good.address());
        RawClient client = gateway.client()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("/").body()).isEqualTo("ok");
      }
      assertThat(flapping.requests()).isNotEmpty();
    }
  }

  /** Sends to origins at most 1 + budget times what clients sent, however much fails. */
  @Test
  void aStormOfRetriesStaysWithinTheBudget() throws Exception {
    try (ScriptedOrigin one =
            ScriptedOrigin.answering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        ScriptedOrigin two =
            ScriptedOrigin.answering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        GatewayFixture gateway =
            gateway(
                "{attempts: 3, on: [\"503\"], budget: 20%, budget-minimum: 0, backoff: 20ms}",
                one.address(), two.address())) {
      int clients = 50;
      int rounds = 20;
      List<RawClient> open = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        open.add(gateway.client());
      }
      for (int round = 0; round < rounds; round++) {
        for (RawClient client : open) {
          client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        for (RawClient client : open) {
          assertThat(client.answer().status()).isEqualTo(503);
        }
      }
      for (RawClient client : open) {
        client.close();
      }
      int offered = clients * rounds;
      int sent = one.requests().size() + two.requests().size();
      assertThat(sent).isBetween(offered + 1, offered + offered / 5);
      assertThat(gateway.metric("sentinel_upstream_retries_total{upstream=\"origin\"}"))
          .isEqualTo(sent - offered);
    }
  }
}
