package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool of connections to an origin server, and that nothing crosses from one to the next. */
class OriginConnectionsTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";

  @TempDir Path folder;

  private GatewayFixture pooled(ScriptedOrigin origin, String connections) throws Exception {
    return GatewayFixture.start(folder, upstream(origin, "connections: " + connections) + ROUTE);
  }

  @Test
  void usesAConnectionAgain() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin, "{}")) {
      for (int i = 0; i < 20; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void opensNoMoreThanAllowedAndServesWhoWaitsInOrder() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    peer.await(go);
                    peer.write(OK);
                  }
                });
        GatewayFixture gateway = pooled(origin, "{max: 2, queue: 10, queue-timeout: 1m}")) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RawClient client = gateway.client();
        clients.add(client);
        client.send(RawClient.request("GET", "/" + i));
        int begun = i + 1;
        Eventually.holds(
            () -> gateway.metric("sentinel_active_requests{listener=\"web\"}") == begun);
      }
      Eventually.holds(() -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}") == 6);
      go.countDown();
      for (RawClient client : clients) {
        assertThat(client.answer().body()).isEqualTo("ok");
        client.close();
      }
      assertThat(origin.connections()).isEqualTo(2);
      assertThat(origin.requests().stream().limit(2))
          .allMatch(r -> r.startsWith("GET /0 ") || r.startsWith("GET /1 "));
      // Two connections answer side by side, so only the last of the queue has a sure place.
      assertThat(origin.requests().subList(5, 8)).anyMatch(r -> r.startsWith("GET /7 "));
      Eventually.holds(
          () -> gateway.connections("idle") == 2 && gateway.connections("active") == 0);
    }
  }

  @Test
  void closesConnectionsThatNobodyUsed() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin, "{idle: 100ms}")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");

      Eventually.holds(() -> origin.open() == 0);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  @Test
  void closesConnectionsThatAreTooOld() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin, "{max-age: 1s}")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");

      Eventually.holds(() -> origin.open() == 0);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void opensConnectionsInAdvanceAndKeepsThem() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin, "{warm: 3, idle: 100ms}")) {
      Eventually.holds(() -> origin.open() == 3);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      Eventually.holds(() -> gateway.connections("idle") == 3);
      assertThat(origin.connections()).isEqualTo(3);
    }
  }

  @Test
  void forgetsAConnectionThatTheOriginClosed() throws Exception {
    CountDownLatch close = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(OK);
                  if (peer.number() == 1) {
                    peer.await(close);
                  } else {
                    peer.answerAll(OK);
                  }
                });
        GatewayFixture gateway = pooled(origin, "{}");
        RawClient client = gateway.client()) {
      assertThat(client.get("/").body()).isEqualTo("ok");
      Eventually.holds(() -> gateway.connections("idle") == 1);
      close.countDown();
      Eventually.holds(
          () -> gateway.connections("idle") == 0 && gateway.connections("active") == 0);

      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.answer().body()).isEqualTo("ok");
    }
  }

  @Test
  void neverGivesASecondAnswerToAClientThatWaitsForTheConnection() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(go);
                  peer.write(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
                  peer.answerAll(OK);
                });
        GatewayFixture gateway = pooled(origin, "{max: 1, queue-timeout: 1m}");
        RawClient first = gateway.client();
        RawClient second = gateway.client()) {
      first.send(RawClient.request("GET", "/1"));
      Eventually.holds(() -> origin.requests().size() == 1);
      second.send(RawClient.request("GET", "/2"));
      Eventually.holds(() -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}") == 1);
      go.countDown();

      assertThat(first.answer().body()).isEqualTo("ok");
      assertThat(second.answer().body()).isEqualTo("ok");
    }
  }

  @Test
  void doesNotGiveAPostThatWaitsTheConnectionWhoseCloseEndedTheAnswerBefore() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(go);
                  peer.write("HTTP/1.1 200 OK\r\n\r\nok");
                });
        GatewayFixture gateway = pooled(origin, "{max: 1, queue-timeout: 1m}");
        RawClient first = gateway.client();
        RawClient second = gateway.client()) {
      first.send(RawClient.request("GET", "/1"));
      Eventually.holds(() -> origin.requests().size() == 1);
      second.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      Eventually.holds(() -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}") == 1);
      go.countDown();

      assertThat(first.answer().body()).isEqualTo("ok");
      assertThat(second.answer().body()).isEqualTo("ok");
    }
  }

  @Test
  void tellsEveryoneWhoWaitsThatTheOriginIsGone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    ScriptedOrigin origin =
        ScriptedOrigin.start(
            peer -> {
              peer.request();
              peer.await(go);
            });
    try (GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "connections: {max: 1, queue-timeout: 1m}")
                    + "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n");
        RawClient first = gateway.client();
        RawClient second = gateway.client();
        RawClient third = gateway.client()) {
      first.send(RawClient.request("GET", "/1"));
      Eventually.holds(() -> origin.requests().size() == 1);
      second.send(RawClient.request("GET", "/2"));
      third.send(RawClient.request("GET", "/3"));
      Eventually.holds(() -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}") == 2);
      origin.close();

      assertThat(first.answer().reason()).isEqualTo("upstream_reset");
      assertThat(second.answer().reason()).isEqualTo("connect_refused");
      assertThat(third.answer().reason()).isEqualTo("connect_refused");
    } finally {
      go.countDown();
      origin.close();
    }
  }

  @Test
  void doesNotSendARequestWhoseClientLeftWhileItWaited() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    peer.await(go);
                    peer.write(OK);
                  }
                });
        GatewayFixture gateway = pooled(origin, "{max: 1, queue-timeout: 1m}");
        RawClient first = gateway.client()) {
      first.send(RawClient.request("GET", "/1"));
      Eventually.holds(() -> origin.requests().size() == 1);
      try (RawClient second = gateway.client()) {
        second.send(RawClient.request("GET", "/2"));
        Eventually.holds(() -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}") == 1);
      }
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("client_gone");
      go.countDown();

      assertThat(first.answer().body()).isEqualTo("ok");
      assertThat(first.get("/3").body()).isEqualTo("ok");
      assertThat(origin.requests()).noneMatch(r -> r.startsWith("GET /2"));
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void surviveAnOriginThatIsKilledAndComesBack() throws Exception {
    ScriptedOrigin origin = ScriptedOrigin.ok("ok");
    try (GatewayFixture gateway = pooled(origin, "{max: 8}")) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(gateway.client());
        clients.get(i).send(RawClient.request("GET", "/"));
      }
      for (RawClient client : clients) {
        assertThat(client.answer().body()).isEqualTo("ok");
        client.close();
      }
      origin.close();
      Eventually.holds(
          () -> gateway.connections("idle") == 0 && gateway.connections("active") == 0);
      assertThat(gateway.get("/").reason()).isEqualTo("connect_refused");
      assertThat(gateway.target(0, 0).getInteger("inFlight")).isZero();
    }
  }
}
