package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks over time, on real sockets. */
class HealthWatchTest {

  private static final String FAST =
      "active: {type: http, interval: 10ms, timeout: 10s, healthy-after: 3, unhealthy-after: 4}";

  private final ProbeServers servers = new ProbeServers();
  private final List<Verdict> verdicts = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int status = 200;
  private Context context;
  private HealthWatch watch;

  @BeforeEach
  void open() {
    context = servers.vertx().getOrCreateContext();
    watch = new HealthWatch(servers.vertx(), () -> 0, new SplittableRandom(7), verdicts::add);
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private void onContext(Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        v -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  private void watch(String health, String... addresses) {
    List<Target> targets =
        addresses.length == 0
            ? List.of()
            : new UpstreamRegistry()
                .prepare(Given.upstreams(health, addresses))
                .get("app")
                .targets();
    onContext(() -> watch.watch(targets));
  }

  private String origin() {
    return "127.0.0.1:" + servers.http(this::answer);
  }

  private void answer(HttpServerRequest request) {
    asked.incrementAndGet();
    request.response().setStatusCode(status).end();
  }

  private void moreChecks(int count) {
    int seen = asked.get();
    Eventually.holds("more checks", () -> asked.get() >= seen + count);
  }

  @Test
  void theFirstCheckDecidesAloneAndLaterOnesBySomeInARow() {
    watch(FAST, origin());
    Eventually.holds("a verdict", () -> verdicts.size() == 1);
    assertThat(verdicts.get(0).good()).isTrue();
    assertThat(verdicts.get(0).detail()).isEqualTo("passed a check");
    moreChecks(10);
    assertThat(verdicts).as("no change, no verdict").hasSize(1);
    status = 500;
    Eventually.holds("another verdict", () -> verdicts.size() == 2);
    assertThat(verdicts.get(1).detail())
        .isEqualTo("failed 4 checks in a row: status 500, not 200-299");
    status = 200;
    Eventually.holds("the last verdict", () -> verdicts.size() == 3);
    assertThat(verdicts.get(2).detail()).isEqualTo("passed 3 checks in a row");
  }

  @Test
  void flappingBelowTheThresholdChangesNothing() {
    String address =
        "127.0.0.1:"
            + servers.http(
                request -> {
                  boolean good = asked.incrementAndGet() % 4 == 0;
                  request.response().setStatusCode(asked.get() == 1 || good ? 200 : 500).end();
                });
    watch(FAST, address);
    Eventually.holds("many checks", () -> asked.get() > 60);
    assertThat(verdicts).hasSize(1);
  }

  @Test
  void whatHangsFailsInTimeAndIsCut() {
    String address = "127.0.0.1:" + servers.tcp(NetSocket::pause);
    watch("active: {type: http, interval: 1h, timeout: 100ms}", address);
    Eventually.holds("a verdict", () -> verdicts.size() == 1);
    assertThat(verdicts.get(0).good()).isFalse();
    assertThat(verdicts.get(0).detail()).isEqualTo("failed a check: no end within 100 ms");
    Eventually.holds("its connection is closed", () -> servers.open() == 0);
  }

  @Test
  void aTargetThatIsGoneIsNotCheckedAnyMore() {
    String address = "127.0.0.1:" + servers.tcp(silent -> {});
    String other = origin();
    watch(FAST, address, other);
    Eventually.holds("a check is under way", () -> servers.open() == 1);
    moreChecks(2);
    watch(FAST, other);
    Eventually.holds("it is cut", () -> servers.open() == 0);
    moreChecks(20);
    assertThat(servers.open()).isZero();
    watch(FAST);
    int seen = asked.get();
    onContext(() -> {});
    Eventually.holds("the last one has ended", () -> asked.get() <= seen + 1);
    assertThat(verdicts).hasSize(1);
  }

  @Test
  void equalSettingsGoOnUndisturbedAndOthersKeepWhatIsKnown() {
    String address = origin();
    watch("active: {type: http, interval: 1h}", address);
    Eventually.holds("a verdict", () -> verdicts.size() == 1);
    watch("active: {type: http, interval: 1h}", address);
    onContext(() -> {});
    assertThat(asked).hasValue(1);
    status = 500;
    watch("active: {type: http, interval: 10ms, unhealthy-after: 5}", address);
    Eventually.holds("another verdict", () -> verdicts.size() == 2);
    assertThat(verdicts.get(1).detail()).startsWith("failed 5 checks in a row");
  }

  @Test
  void checksAnotherPortWhereOneIsNamed() {
    String port = origin().substring("127.0.0.1:".length());
    watch("active: {type: http, interval: 1h, port: " + port + "}", "127.0.0.1:1");
    Eventually.holds("a verdict", () -> verdicts.size() == 1);
    assertThat(verdicts.get(0).good()).isTrue();
  }

  @Test
  void atMostAHundredChecksAreUnderWay() {
    String[] addresses =
        IntStream.rangeClosed(1, 150).mapToObj(i -> "127.0.1." + i + ":1").toArray(String[]::new);
    // All of 127.0.0.0/8 is this machine.
    int port =
        servers
            .vertx()
            .createNetServer()
            .connectHandler(socket -> asked.incrementAndGet())
            .listen(0, "0.0.0.0")
            .await()
            .actualPort();
    watch("active: {type: http, interval: 1h, timeout: 1m, port: " + port + "}", addresses);
    Eventually.holds("a hundred", () -> asked.get() == 100);
    onContext(() -> {});
    assertThat(asked).hasValue(100);
    onContext(watch::close);
  }
}
