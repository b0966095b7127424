package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reload while requests are tried again, copied, or bound to a target. */
class RoutingOverReloadTest {

  private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
  private static final String RETRIED =
      """
      routes: {all: {forward: {upstream: origin, retry: {
        attempts: 3, on: ["503"], budget: 20%, budget-minimum: 0, backoff: 5ms}}}}
      """;

  @TempDir Path folder;

  private static void ask(List<RawClient> clients, int status) throws IOException {
    for (RawClient client : clients) {
      client.send(RawClient.request("GET", "/"));
    }
    for (RawClient client : clients) {
      assertThat(client.answer().status()).isEqualTo(status);
    }
  }

  private static List<RawClient> clients(GatewayFixture gateway, int count) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(gateway.client());
    }
    return clients;
  }

  private static void close(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  private static double retries(GatewayFixture gateway) throws IOException {
    return gateway.metric("sentinel_upstream_retries_total{upstream=\"origin\"}");
  }

  @ParameterizedTest
  @EnumSource
  void aStormOfRetriesStaysWithinTheBudget(Edit edit) throws Exception {
    int rounds = 20;
    int count = 30;
    try (ScriptedOrigin origin = ScriptedOrigin.start(peer -> peer.answerAll(BUSY));
        GatewayFixture gateway = GatewayFixture.start(folder, 2, upstream(origin) + RETRIED)) {
      List<RawClient> clients = clients(gateway, count);
      String before = gateway.yaml();
      String after = edit.of(before);
      for (int round = 0; round < rounds; round++) {
        ask(clients, 503);
        gateway.reload(round % 2 == 0 ? after : before);
      }
      close(clients);
      int offered = rounds * count;
      assertThat(origin.requests()).hasSizeBetween(offered + 1, offered + offered / 5);
      assertThat(retries(gateway)).isEqualTo(origin.requests().size() - offered);
    }
  }

  @ParameterizedTest
  @EnumSource
  void retriesThatWereEarnedAreThereAfterwards(Edit edit) throws Exception {
    AtomicReference<String> says = new AtomicReference<>(ScriptedOrigin.sized("ok"));
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  while (peer.request().isPresent()) {
                    peer.write(says.get());
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(folder, upstream(origin) + RETRIED)) {
      List<RawClient> clients = clients(gateway, 10);
      for (int i = 0; i < 20; i++) {
        ask(clients, 200);
      }
      gateway.reload(edit.of(gateway.yaml()));
      says.set(BUSY);
      ask(clients, 503);
      close(clients);
      assertThat(retries(gateway)).as("two for each").isEqualTo(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientStaysWithItsTarget(Edit edit) throws Exception {
    try (ScriptedOrigin one = ScriptedOrigin.ok("one");
        ScriptedOrigin two = ScriptedOrigin.ok("two");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(
                        List.of(one.address(), two.address()),
                        "balancer: {type: sticky, key: 0123456789abcdef}")
                    + "routes: {all: {forward: {upstream: origin}}}\n")) {
      List<Answer> first = List.of(gateway.get("/"), gateway.get("/"), gateway.get("/"));
      gateway.reload(edit.of(gateway.yaml()));
      for (Answer answer : first) {
        String cookie = answer.field("set-cookie").orElseThrow().split(";", 2)[0];
        for (int i = 0; i < 5; i++) {
          Answer again = gateway.get("/", "Cookie: " + cookie);
          assertThat(again.body()).isEqualTo(answer.body());
          assertThat(again.field("set-cookie")).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNRELATED", "WEIGHT"})
  void aCopyUnderWayEndsAndOthersFollow(Edit edit) throws Exception {
    try (ScriptedOrigin shop = ScriptedOrigin.ok("shop");
        GatedOrigin audit = new GatedOrigin();
        GatewayFixture gateway =
            MirrorFixture.start(folder, List.of(shop.address(), audit.address()), "")) {
      assertThat(gateway.get("/1").body()).isEqualTo("shop");
      audit.holds(1);
      gateway.reload(edit.of(gateway.yaml()));
      assertThat(gateway.get("/2").body()).isEqualTo("shop");
      audit.holds(2);
      audit.open();
      MirrorFixture.counts(gateway, "answers", "2xx", 2);
      assertThat(audit.targets()).containsExactly("/1", "/2");
    }
  }
}
