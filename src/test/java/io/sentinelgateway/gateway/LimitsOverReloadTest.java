package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reload while a limit is full and requests, which came to either of two loops, wait. */
class LimitsOverReloadTest {

  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";
  private static final String ACTIVE = "sentinel_limit_active{upstream=\"origin\"}";

  @TempDir Path folder;
  private GatedOrigin origin;
  private final List<RawClient> clients = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    origin = new GatedOrigin();
  }

  @AfterEach
  void close() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    origin.close();
  }

  private String limited(int requests) {
    String limits = "limits: {requests: " + requests + ", pending: 100, pending-timeout: 1m}";
    return upstream(origin.address(), limits) + ROUTE;
  }

  private GatewayFixture gateway(int requests) throws Exception {
    return GatewayFixture.start(folder, 2, limited(requests));
  }

  /** Fills {@code limit} places and lets the rest wait, one after the other. */
  private void ask(GatewayFixture gateway, int limit, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      clients.add(gateway.client().send(RawClient.request("GET", "/" + i)));
      origin.holds(Math.min(limit, i + 1));
      gateway.pending(Math.max(0, i + 1 - limit));
    }
  }

  private void everybodyIsServed(GatewayFixture gateway) throws Exception {
    for (RawClient client : clients) {
      assertThat(client.answer().body()).isEqualTo("ok");
    }
    gateway.comesToRest();
    gateway.pending(0);
    assertThat(gateway.metric(ACTIVE)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void thoseWhoWaitAreServedInTheirOrderAndOnce(Edit edit) throws Exception {
    try (GatewayFixture gateway = gateway(1)) {
      ask(gateway, 1, 8);
      gateway.reload(edit.of(gateway.yaml()));
      assertThat(gateway.metric(ACTIVE)).isEqualTo(1);
      gateway.pending(7);
      origin.open();
      everybodyIsServed(gateway);
      assertThat(origin.targets()).containsExactly("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7");
      assertThat(origin.most()).isEqualTo(1);
    }
  }

  private GatewayFixture classes(String limits) throws Exception {
    return GatewayFixture.start(
        folder,
        2,
        upstream(origin.address(), "limits: {" + limits + "}")
            + """
            routes: {
              low: {match: {path: /low}, forward: {upstream: origin, priority: low}},
              all: {forward: {upstream: origin, priority: high}}}
            """);
  }

  private void ask(GatewayFixture gateway, String target) throws Exception {
    clients.add(gateway.client().send(RawClient.request("GET", target)));
  }

  @ParameterizedTest
  @EnumSource
  void aHigherClassDoesNotWaitForALowerOne(Edit edit) throws Exception {
    try (GatewayFixture gateway = classes("requests: 1, pending: 9, pending-timeout: 1m")) {
      ask(gateway, "/");
      origin.holds(1);
      for (String target : List.of("/low", "/low", "/high")) {
        ask(gateway, target);
        gateway.pending(clients.size() - 1);
      }
      gateway.reload(edit.of(gateway.yaml()));
      ask(gateway, "/higher");
      gateway.pending(4);
      origin.open();
      everybodyIsServed(gateway);
      assertThat(origin.targets()).containsExactly("/", "/high", "/higher", "/low", "/low");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLowerClassIsRefusedFirst(Edit edit) throws Exception {
    try (GatewayFixture gateway = classes("requests: 3")) {
      ask(gateway, "/");
      ask(gateway, "/low");
      origin.holds(2);
      gateway.reload(edit.of(gateway.yaml()));
      assertThat(gateway.get("/low").reason()).isEqualTo("priority_limit");
      ask(gateway, "/");
      origin.holds(3);
      assertThat(gateway.get("/").reason()).isEqualTo("request_limit");
      origin.open();
      everybodyIsServed(gateway);
      assertThat(gateway.shed("rejected", "priority_limit")).isEqualTo(1);
    }
  }

  @Test
  void aHigherLimitLetsThoseInWhoWait() throws Exception {
    try (GatewayFixture gateway = gateway(1)) {
      ask(gateway, 1, 5);
      gateway.reload(limited(3));
      origin.holds(3);
      gateway.pending(2);
      origin.open();
      everybodyIsServed(gateway);
      assertThat(origin.most()).isEqualTo(3);
    }
  }

  @Test
  void aLowerLimitHoldsThoseBackWhoWait() throws Exception {
    try (GatewayFixture gateway = gateway(3)) {
      ask(gateway, 3, 6);
      gateway.reload(limited(1));
      for (int left = 2; left > 0; left--) {
        origin.let(1);
        origin.holds(left);
        gateway.pending(3);
      }
      origin.most();
      origin.open();
      everybodyIsServed(gateway);
      assertThat(origin.most()).isEqualTo(1);
    }
  }

  @Test
  void thoseWhoWaitAreLetInWhenTheLimitIsTakenAway() throws Exception {
    try (GatewayFixture gateway = gateway(1)) {
      ask(gateway, 1, 4);
      gateway.reload(upstream(origin.address()) + ROUTE);
      origin.holds(4);
      origin.open();
      for (RawClient client : clients) {
        assertThat(client.answer().body()).isEqualTo("ok");
      }
      gateway.reload(limited(1));
      gateway.pending(0);
      assertThat(gateway.metric(ACTIVE)).isZero();
    }
  }

  @Test
  void nobodyWaitsForEverWhileTheLimitGoesUpAndDown() throws Exception {
    int rounds = 30;
    int clientCount = 16;
    try (GatewayFixture gateway = gateway(2)) {
      origin.open();
      for (int i = 0; i < clientCount; i++) {
        clients.add(gateway.client());
      }
      for (int round = 0; round < rounds; round++) {
        for (RawClient client : clients) {
          client.send(RawClient.request("GET", "/"));
        }
        gateway.reload(limited(round % 2 == 0 ? 4 : 2));
        for (RawClient client : clients) {
          assertThat(client.answer().body()).isEqualTo("ok");
        }
      }
      gateway.comesToRest();
      assertThat(gateway.metric(ACTIVE)).isZero();
      assertThat(origin.targets()).hasSize(rounds * clientCount);
      assertThat(origin.most()).isLessThanOrEqualTo(4);
    }
  }
}
