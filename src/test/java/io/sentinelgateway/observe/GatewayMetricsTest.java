package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.observe.PoolGauges.PoolCounts;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.observe.PoolMetrics.Opened;
import io.sentinelgateway.target.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a scrape shows of what the loops have counted. */
class GatewayMetricsTest {

  private final GatewayMetrics metrics = new GatewayMetrics(2, "1.2.3");

  @AfterEach
  void close() {
    metrics.close();
  }

  // Folding

  @Test
  void sumsTheLoops() {
    request(metrics.loop(0), "shop", "GET", 200);
    request(metrics.loop(1), "shop", "GET", 200);
    request(metrics.loop(1), "shop", "POST", 503);
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_requests_total{method=\"GET\",route=\"shop\",status=\"200\"}", 2.0)
        .containsEntry(
            "sentinel_requests_total{method=\"POST\",route=\"shop\",status=\"503\"}", 1.0)
        .containsEntry("sentinel_request_bytes_total{route=\"shop\"}", 30.0)
        .containsEntry("sentinel_response_bytes_total{route=\"shop\"}", 300.0);
  }

  @Test
  void countsDurationsInCumulativeBuckets() {
    for (long millis : new long[] {1, 2, 30, 60_000}) {
      ExchangeRecord record = record("shop", 200);
      record.endedNanos = record.startedNanos + TimeUnit.MILLISECONDS.toNanos(millis);
      metrics.loop(0).begin("web");
      metrics.loop(0).record(record, "GET");
    }
    assertThat(Scrape.of(metrics))
        .containsEntry(bucket("0.001"), 1.0)
        .containsEntry(bucket("0.0025"), 2.0)
        .containsEntry(bucket("0.05"), 3.0)
        .containsEntry(bucket("10.0"), 3.0)
        .containsEntry(bucket("+Inf"), 4.0)
        .containsEntry("sentinel_request_duration_seconds_sum{route=\"shop\"}", 60.033);
  }

  @Test
  void sumsNeverGoBackWhileLoopsCount() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> loops =
        IntStream.range(0, 2)
            .mapToObj(i -> new Thread(() -> count(metrics.loop(i), stop)))
            .peek(Thread::start)
            .toList();
    Map<String, Double> before = Map.of();
    for (int i = 0; i < 50; i++) {
      Map<String, Double> now = counters(Scrape.of(metrics));
      before.forEach((series, value) -> assertThat(now.get(series)).isGreaterThanOrEqualTo(value));
      before = now;
    }
    stop.set(true);
    for (Thread loop : loops) {
      loop.join();
    }
    Map<String, Double> last = Scrape.of(metrics);
    double requests =
        last.entrySet().stream()
            .filter(e -> e.getKey().startsWith("sentinel_requests_total"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertThat(last.get("sentinel_request_duration_seconds_count{route=\"shop\"}"))
        .isEqualTo(requests);
    assertThat(last.get("sentinel_active_requests{listener=\"web\"}")).isZero();
  }

  // Bounds

  @Test
  void methodsAndStatusesThatNobodyRegisteredShareALabel() {
    for (String method : List.of("BREW", "get", "WHEN", "G\"ET\n")) {
      request(metrics.loop(0), "shop", method, 200);
    }
    for (int status : new int[] {0, 99, 600, 999, -1}) {
      request(metrics.loop(0), "shop", "GET", status);
    }
    assertThat(requestSeries())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "sentinel_requests_total{method=\"OTHER\",route=\"shop\",status=\"200\"}", 4.0,
                "sentinel_requests_total{method=\"GET\",route=\"shop\",status=\"other\"}", 5.0));
  }

  @Test
  void anOriginThatInventsStatusesFillsABoundedNumberOfSeries() {
    for (int status = 100; status < 600; status++) {
      for (String method : List.of("GET", "PUT", "POST", "BREW")) {
        request(metrics.loop(0), "shop", method, status);
      }
    }
    assertThat(requestSeries().size()).isLessThanOrEqualTo(StatusCounts.MAX_SERIES + 10);
    assertThat(requestSeries().values().stream().mapToDouble(d -> d).sum()).isEqualTo(2000.0);
  }

  @Test
  void seriesOfWhatWasRemovedGoWithItsConfiguration() {
    request(metrics.loop(0), "shop", "GET", 200);
    request(metrics.loop(0), "gone", "GET", 200);
    metrics.loop(0).upstream("gone-up").attempted(Outcome.SUCCESS);
    metrics.loop(0).listener("gone-web").connectionAccepted();
    metrics.retain(Set.of("shop"), Set.of(), Set.of("web"));
    assertThat(Scrape.of(metrics).keySet())
        .anyMatch(series -> series.contains("route=\"shop\""))
        .noneMatch(series -> series.contains("=\"gone"));
  }

  @Test
  void requestsWithoutARouteOutliveEveryReload() {
    ExchangeRecord record = record("", 404);
    record.route = null;
    metrics.loop(0).begin("web");
    metrics.loop(0).record(record, "GET");
    metrics.retain(Set.of(), Set.of(), Set.of());
    assertThat(requestSeries())
        .hasSize(1)
        .containsKey("sentinel_requests_total{method=\"GET\",route=\"-\",status=\"404\"}");
  }

  // Listeners, upstreams, pools

  @Test
  void showsConnectionsAndActiveRequestsOfListeners() {
    ListenerMetrics web = metrics.loop(0).listener("web");
    web.connectionAccepted();
    web.connectionAccepted();
    web.connectionClosed();
    web.connectionRefused(Refusal.LIMIT);
    metrics.loop(0).begin("web");
    metrics.loop(1).begin("web");
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_connections_accepted_total{listener=\"web\"}", 2.0)
        .containsEntry("sentinel_connections_open{listener=\"web\"}", 1.0)
        .containsEntry("sentinel_connections_refused_total{listener=\"web\",reason=\"limit\"}", 1.0)
        .containsEntry("sentinel_active_requests{listener=\"web\"}", 2.0);
  }

  @Test
  void showsAttemptsRetriesAndReasons() {
    metrics.loop(0).upstream("shop").attempted(Outcome.FAILURE);
    metrics.loop(0).upstream("shop").attempted(Outcome.SUCCESS);
    ExchangeRecord record = record("shop", 502);
    record.upstream = "shop";
    record.attempts = 3;
    record.error = ProxyError.of(ProxyError.Cause.CONNECT_REFUSED, "");
    metrics.loop(0).begin("web");
    metrics.loop(0).record(record, "GET");
    assertThat(Scrape.of(metrics))
        .containsEntry(attempts("failure"), 1.0)
        .containsEntry(attempts("success"), 1.0)
        .containsEntry(attempts("ignored"), 0.0)
        .containsEntry("sentinel_upstream_retries_total{upstream=\"shop\"}", 2.0)
        .containsEntry("sentinel_failures_total{reason=\"connect_refused\"}", 1.0)
        .containsEntry("sentinel_failures_total{reason=\"client_gone\"}", 0.0);
  }

  @Test
  void showsConnectionsByReasonOverAllLoops() {
    PoolMetrics pool = metrics.loop(0).pool("shop");
    pool.opened(Opened.FIRST, 2_000_000);
    pool.opened(Opened.GROWTH, 3_000_000);
    pool.closed(Closed.AGE);
    pool.acquired(false);
    pool.failed(ProxyError.Cause.CONNECT_REFUSED);
    metrics.loop(1).pool("shop").acquired(true);
    metrics.loop(1).pool("shop").failed(ProxyError.Cause.POOL_FULL);
    metrics.loop(1).pool("shop").waited(1_000_000_000);
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_pool_opened_total{reason=\"first\",upstream=\"shop\"}", 1.0)
        .containsEntry("sentinel_pool_opened_total{reason=\"growth\",upstream=\"shop\"}", 1.0)
        .containsEntry("sentinel_pool_opened_total{reason=\"warm\",upstream=\"shop\"}", 0.0)
        .containsEntry("sentinel_pool_closed_total{reason=\"age\",upstream=\"shop\"}", 1.0)
        .containsEntry("sentinel_pool_acquired_total{upstream=\"shop\"}", 2.0)
        .containsEntry("sentinel_pool_reused_total{upstream=\"shop\"}", 1.0)
        .containsEntry("sentinel_pool_refused_total{reason=\"pool_full\",upstream=\"shop\"}", 1.0)
        .containsEntry(
            "sentinel_pool_connect_failures_total{reason=\"connect_refused\",upstream=\"shop\"}",
            1.0)
        .containsEntry("sentinel_pool_connect_duration_seconds_count{upstream=\"shop\"}", 2.0)
        .containsEntry("sentinel_pool_wait_duration_seconds_sum{upstream=\"shop\"}", 1.0)
        .containsEntry("sentinel_pool_connections{state=\"idle\",upstream=\"shop\"}", 0.0)
        .containsEntry("sentinel_pool_pending{upstream=\"shop\"}", 0.0);
  }

  // Loops, reloads, process

  @Test
  void showsHowLateALoopWasForAtLeastOneScrapeInterval() {
    long[] now = {0};
    LoopLag lag = new LoopLag(() -> now[0]);
    now[0] += TimeUnit.MILLISECONDS.toNanos(300);
    lag.tick();
    assertThat(lag.maxNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    tickFor(lag, now, 15);
    assertThat(lag.maxNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    tickFor(lag, now, 31);
    assertThat(lag.maxNanos()).isZero();
  }

  @Test
  void watchesALoopOnItsOwnTimer() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      TestLoop loop = new TestLoop(vertx);
      List<PoolCounts> pools =
          List.of(
              new PoolCounts("shop", "a:1", 3, 1, 0, 0), new PoolCounts("shop", "b:1", 1, 0, 2, 0));
      metrics.loop(0).pool("shop");
      vertx.runOnContext(v -> metrics.loop(1).watch(loop, () -> pools));
      Eventually.holds(() -> metrics.pools().containsKey("shop"));
      assertThat(metrics.pools("shop").get("b:1").pending()).isEqualTo(2);
      assertThat(Scrape.of(metrics))
          .containsEntry("sentinel_pool_connections{state=\"active\",upstream=\"shop\"}", 3.0)
          .containsEntry("sentinel_pool_connections{state=\"idle\",upstream=\"shop\"}", 1.0)
          .containsEntry("sentinel_pool_pending{upstream=\"shop\"}", 2.0);
      assertThat(Scrape.of(metrics)).containsKey("sentinel_loop_lag_max_seconds{loop=\"1\"}");
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void showsReloadsAndTheConfigurationInForce() {
    assertThat(Scrape.of(metrics)).containsEntry("sentinel_config_version", 0.0);
    metrics.reloads().applied(1, "4f2a91c", 1_764_000_000_500L);
    metrics.reloads().refused(ReloadMetrics.Result.REJECTED);
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_config_version", 1.0)
        .containsEntry("sentinel_config_info{sha=\"4f2a91c\"}", 1.0)
        .containsEntry("sentinel_config_last_applied_timestamp_seconds", 1_764_000_000.5)
        .containsEntry("sentinel_reloads_total{result=\"applied\"}", 1.0)
        .containsEntry("sentinel_reloads_total{result=\"rejected\"}", 1.0);
  }

  @Test
  void showsTheProcessAndVertxPoolsButNotItsHttpMeters() throws Exception {
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(metrics.options()))
            .withMetrics(metrics.factory())
            .build();
    try {
      vertx.executeBlocking(() -> 1).await(10, TimeUnit.SECONDS);
      assertThat(Scrape.of(metrics).keySet())
          .anyMatch(series -> series.startsWith("jvm_memory_used_bytes"))
          .anyMatch(series -> series.startsWith("jvm_threads_live_threads"))
          .anyMatch(series -> series.startsWith("jvm_gc_"))
          .anyMatch(series -> series.startsWith("process_cpu_usage"))
          .anyMatch(series -> series.startsWith("vertx_pool_"))
          .anyMatch(series -> series.startsWith("sentinel_build_info{"))
          .noneMatch(series -> series.startsWith("vertx_http"))
          .noneMatch(series -> series.startsWith("vertx_eventbus"));
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void speaksOpenMetricsToWhoeverAsks() {
    GatewayMetrics.Exposition open =
        metrics.scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
    assertThat(open.contentType()).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
    assertThat(metrics.scrape("*/*").contentType()).startsWith("text/plain; version=0.0.4");
  }

  private static void tickFor(LoopLag lag, long[] now, int seconds) {
    for (int i = 0; i < seconds * 10; i++) {
      now[0] += TimeUnit.MILLISECONDS.toNanos(100);
      lag.tick();
    }
  }

  private static void count(LoopMetrics loop, AtomicBoolean stop) {
    int i = 0;
    while (!stop.get()) {
      request(loop, "shop", "GET", 200 + i++ % 150);
      loop.upstream("shop").attempted(Outcome.SUCCESS);
    }
  }

  private static void request(LoopMetrics loop, String route, String method, int status) {
    loop.begin("web");
    loop.record(record(route, status), method);
  }

  private static ExchangeRecord record(String route, int status) {
    ExchangeRecord record = new ExchangeRecord();
    record.listener = "web";
    record.route = route;
    record.status = status;
    record.attempts = 1;
    record.requestBytes = 10;
    record.responseBytes = 100;
    record.startedNanos = 1;
    record.endedNanos = 1_000;
    return record;
  }

  private Map<String, Double> requestSeries() {
    Map<String, Double> all = Scrape.of(metrics);
    all.keySet().removeIf(series -> !series.startsWith("sentinel_requests_total"));
    return all;
  }

  private static Map<String, Double> counters(Map<String, Double> all) {
    all.keySet().removeIf(s -> !s.matches("sentinel_.*(_total|_count|_bucket)(\\{.*)?"));
    return all;
  }

  private static String bucket(String bound) {
    return "sentinel_request_duration_seconds_bucket{route=\"shop\",le=\"" + bound + "\"}";
  }

  private static String attempts(String outcome) {
    return "sentinel_upstream_attempts_total{outcome=\"" + outcome + "\",upstream=\"shop\"}";
  }
}
