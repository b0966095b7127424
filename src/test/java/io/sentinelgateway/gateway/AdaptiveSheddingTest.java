package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limit that is learnt, before an origin server that can do a few requests at once. */
class AdaptiveSheddingTest {

  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";
  private static final int WORK_MILLIS = 10;
  private static final int INITIAL = 20;

  @TempDir Path folder;

  /** Works on so many requests at once; the others wait there, so that answers take longer. */
  private static ScriptedOrigin origin(Semaphore workers) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    return ScriptedOrigin.start(
        peer -> {
          while (peer.request().isPresent()) {
            workers.acquire();
            never.await(WORK_MILLIS, TimeUnit.MILLISECONDS);
            workers.release();
            peer.write(ScriptedOrigin.sized("ok"));
          }
        });
  }

  private static int limit(GatewayFixture gateway) throws Exception {
    return (int) gateway.metric("sentinel_limit_requests{upstream=\"origin\"}");
  }

  @Test
  void shrinksUnderLoadKeepsWhatItLearntAndRecovers() throws Exception {
    Semaphore workers = new Semaphore(4);
    try (ScriptedOrigin origin = origin(workers);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "limits: {adaptive: {minimum: 2, initial: 20, maximum: 100}}")
                    + ROUTE)) {
      try (Clients few = Clients.start(gateway, 2)) {
        few.answers(100);
        assertThat(few.others()).isEmpty();
        assertThat(limit(gateway)).isEqualTo(INITIAL);
      }
      try (Clients many = Clients.start(gateway, 28)) {
        Eventually.value(() -> limit(gateway), now -> now <= 15);
        for (int i = 0; i < 20; i++) {
          many.answers(30);
          assertThat(limit(gateway)).as("not at the floor").isGreaterThan(2);
        }
        assertThat(many.others()).containsOnly("adaptive_limit");
      }
      gateway.comesToRest();
      assertThat(gateway.shed("rejected", "adaptive_limit")).isPositive();

      int learnt = limit(gateway);
      String before = gateway.yaml();
      for (Edit edit : Edit.values()) {
        gateway.reload(edit.of(before));
        assertThat(limit(gateway)).as(edit.toString()).isEqualTo(learnt);
      }

      workers.release(100);
      try (Clients many = Clients.start(gateway, 28)) {
        Eventually.value(() -> limit(gateway), now -> now >= 28);
        many.answers(100);
      }
    }
  }

  @Test
  void oneThatObservesCountsAndRefusesNothing() throws Exception {
    String observed = "adaptive: {minimum: 1, initial: 1, maximum: 1, mode: observe}";
    try (GatedOrigin origin = new GatedOrigin();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, upstream(origin.address(), "limits: {" + observed + "}") + ROUTE)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        clients.add(gateway.client().send(RawClient.request("GET", "/")));
        origin.holds(i);
      }
      gateway.reload(Edit.WEIGHT.of(gateway.yaml()));
      assertThat(gateway.shed("would_reject", "adaptive_limit")).isEqualTo(2);
      clients.add(gateway.client().send(RawClient.request("GET", "/")));
      origin.holds(4);
      assertThat(gateway.shed("would_reject", "adaptive_limit")).isEqualTo(3);
      origin.open();
      for (RawClient client : clients) {
        assertThat(client.answer().status()).isEqualTo(200);
        client.close();
      }
      assertThat(gateway.shed("rejected", "adaptive_limit")).isZero();
    }
  }
}
