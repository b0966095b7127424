package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections an upstream as a whole may have. */
class ConnectionLimitTest {

  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";
  private static final String ONCE =
      "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n";
  private static final String REFUSED =
      "sentinel_pool_refused_total{reason=\"connection_limit\",upstream=\"origin\"}";

  @TempDir private Path folder;
  private final CountDownLatch release = new CountDownLatch(1);

  private ScriptedOrigin holding() throws Exception {
    return ScriptedOrigin.start(
        peer -> {
          while (peer.request().isPresent()) {
            peer.await(release);
            peer.write(ScriptedOrigin.sized("ok"));
          }
        });
  }

  private static String upstream(ScriptedOrigin one, ScriptedOrigin two, String... settings) {
    return GatewayFixture.upstream(List.of(one.address(), two.address()), settings);
  }

  private static RawClient sent(GatewayFixture gateway) throws Exception {
    return gateway.client().send(RawClient.request("GET", "/"));
  }

  private static int connections(ScriptedOrigin one, ScriptedOrigin two) {
    return one.connections() + two.connections();
  }

  private static void pending(GatewayFixture gateway, int count) {
    Eventually.value(
        () -> gateway.metric("sentinel_pool_pending{upstream=\"origin\"}"), now -> now == count);
  }

  @Test
  void requestsWaitForTheConnectionsThatThereAre() throws Exception {
    try (ScriptedOrigin one = holding();
        ScriptedOrigin two = holding();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(one, two, "limits: {connections: 2}", "connections: {queue-timeout: 1m}")
                    + ROUTE);
        RawClient first = sent(gateway);
        RawClient second = sent(gateway)) {
      Eventually.holds(() -> one.requests().size() + two.requests().size() == 2);
      try (RawClient third = sent(gateway)) {
        pending(gateway, 1);
        release.countDown();
        assertThat(first.answer().status()).isEqualTo(200);
        assertThat(second.answer().status()).isEqualTo(200);
        assertThat(third.answer().status()).isEqualTo(200);
        assertThat(connections(one, two)).isEqualTo(2);
      }
    }
  }

  @Test
  void requestsGoWhereThereIsAConnection() throws Exception {
    release.countDown();
    try (ScriptedOrigin one = holding();
        ScriptedOrigin two = holding();
        GatewayFixture gateway =
            GatewayFixture.start(folder, upstream(one, two, "limits: {connections: 1}") + ROUTE)) {
      for (int i = 0; i < 10; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
      assertThat(connections(one, two)).isEqualTo(1);
      assertThat(gateway.metric(REFUSED)).isPositive();
    }
  }

  @Test
  void aRequestThatMayNotBeSentElsewhereIsRefused() throws Exception {
    try (ScriptedOrigin one = holding();
        ScriptedOrigin two = holding();
        GatewayFixture gateway =
            GatewayFixture.start(folder, upstream(one, two, "limits: {connections: 1}") + ONCE);
        RawClient first = sent(gateway)) {
      Eventually.holds(() -> one.requests().size() + two.requests().size() == 1);
      Answer refused = gateway.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.reason()).isEqualTo("connection_limit");
      release.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void observingCountsWhatIsTooMuchAndRefusesNothing() throws Exception {
    try (ScriptedOrigin one = holding();
        ScriptedOrigin two = holding();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, upstream(one, two, "limits: {connections: 1, mode: observe}") + ROUTE);
        RawClient first = sent(gateway);
        RawClient second = sent(gateway)) {
      Eventually.holds(() -> one.requests().size() + two.requests().size() == 2);
      release.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
      assertThat(second.answer().status()).isEqualTo(200);
      assertThat(gateway.shed("would_reject", "connection_limit")).isEqualTo(1);
      assertThat(gateway.metric(REFUSED)).isZero();
    }
  }

  @Test
  void connectionsFromBeforeAReloadCount() throws Exception {
    release.countDown();
    try (ScriptedOrigin one = holding();
        ScriptedOrigin two = holding();
        GatewayFixture gateway = GatewayFixture.start(folder, upstream(one, two) + ROUTE)) {
      assertThat(gateway.get("/").status()).isEqualTo(200);
      String limited = upstream(one, two, "limits: {connections: 1}");
      gateway.reload(gateway.yaml().replace(upstream(one, two), limited));
      for (int i = 0; i < 6; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
      assertThat(connections(one, two)).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatEndsMakesRoomForOneToAnotherTarget() throws Exception {
    ScriptedOrigin.Script closing =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
          peer.closeOutput();
        };
    try (ScriptedOrigin one = ScriptedOrigin.start(closing);
        ScriptedOrigin two = ScriptedOrigin.start(closing);
        GatewayFixture gateway =
            GatewayFixture.start(folder, upstream(one, two, "limits: {connections: 1}") + ROUTE)) {
      for (int i = 0; i < 10; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(200);
      }
      assertThat(one.connections()).isPositive();
      assertThat(two.connections()).isPositive();
    }
  }
}
