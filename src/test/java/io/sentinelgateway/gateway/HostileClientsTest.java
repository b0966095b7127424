package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take more than their share; what they do must cost nobody else anything. */
class HostileClientsTest {

  private static final String QUICK =
      "listeners: {web: {address: \"127.0.0.1:0\", timeouts: {idle: 400ms}}}\n";

  @TempDir Path folder;

  @Test
  void givesUpOnAClientThatDoesNotReadItsAnswer() throws Exception {
    byte[] part = new byte[1 << 16];
    ScriptedOrigin.Script endless =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
          for (int i = 0; i < 150_000; i++) {
            peer.write(part);
          }
        };
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Script.first(endless));
        GatewayFixture gateway = forwarding(origin);
        RawClient greedy = new RawClient(gateway.port(), 4096)) {
      greedy.send(RawClient.request("GET", "/"));
      Eventually.holds(() -> origin.open() == 1);

      assertThat(gateway.get("/other").body()).isEqualTo("/other");
      Eventually.holds(() -> gateway.failures("request_timeout") == 1);
      Eventually.holds(() -> gateway.target(0, 0).getInteger("inFlight") == 0);
    }
  }

  @Test
  void asksForOneOfManyPipelinedRequestsAtATime() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    ScriptedOrigin.Script holding =
        peer -> {
          peer.request();
          peer.await(answer);
          peer.write(ScriptedOrigin.sized("/"));
          peer.echo();
        };
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Script.first(holding));
        GatewayFixture gateway = forwarding(origin);
        RawClient flooding = gateway.client()) {
      flooding.send(RawClient.request("GET", "/").repeat(1_000));
      Eventually.holds(() -> origin.requests().size() == 1);

      assertThat(gateway.get("/other").body()).isEqualTo("/other");
      assertThat(gateway.metric("sentinel_active_requests{listener=\"web\"}")).isEqualTo(1);
      answer.countDown();
      for (int i = 0; i < 1_000; i++) {
        assertThat(flooding.answer().body()).isEqualTo("/");
      }
    }
  }

  @Test
  void forwardsNothingOfARequestWhoseClientStopsWithinItsHead() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = forwarding(origin);
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n");
      client.closeOutput();

      assertThat(client.closed()).isTrue();
      assertThat(origin.connections()).isZero();
    }
  }

  @Test
  void servesOthersWhileHundredsOfHeadsAreUnderWay() throws Exception {
    RawClient[] slow = new RawClient[300];
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                QUICK.replace("idle: 400ms", "header: 1s")
                    + GatewayFixture.upstream(origin)
                    + "routes: {all: {forward: {upstream: origin}}}\n")) {
      for (int i = 0; i < slow.length; i++) {
        slow[i] = gateway.client().send("GET / HTTP/1.1\r\nX-Slow: ");
      }
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      for (RawClient client : slow) {
        assertThat(client.answer().status()).isEqualTo(408);
        client.close();
      }
      assertThat(gateway.failures("request_timeout")).isEqualTo(slow.length);
    }
  }

  private GatewayFixture forwarding(ScriptedOrigin origin) throws Exception {
    return GatewayFixture.start(
        folder,
        QUICK + GatewayFixture.upstream(origin) + "routes: {all: {forward: {upstream: origin}}}\n");
  }
}
