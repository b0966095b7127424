package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference page is made from the list of metrics; {@code -Dregenerate=true} writes it. */
class MetricsPageTest {

  private static final Path PAGE = Path.of("docs/reference/metrics.md");

  @Test
  void theReferencePageIsNotStale() throws Exception {
    String page = page();
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("run the test with -Dregenerate=true").exists().hasContent(page);
  }

  @Test
  void everyNameFollowsTheConventions() {
    for (Metric metric : Metric.values()) {
      assertThat(metric.exposed()).matches("sentinel_[a-z]+(_[a-z]+)*");
      assertThat(PrometheusNaming.isValidMetricName(metric.family())).isTrue();
      assertThat(metric.help()).matches("[A-Z].*\\.");
    }
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Metrics\n\n");
    page.append("<!-- Made from observe.Metric by MetricsPageTest; do not edit. -->\n\n");
    page.append(
        """
        `GET /metrics` on the admin listener gives them in the Prometheus text format, or as
        OpenMetrics where Accept names it. Beside these there are `jvm_…` and `process_…` (memory,
        garbage collection, threads, processor, files), `vertx_pool_…` (worker pools) and
        `netty_…` (buffers).

        Labels take a bounded number of values: `route`, `upstream` and `listener` are ids of the
        configuration (`route="-"`: none matched), `method` is a registered one or `OTHER`, `status`
        is 100–599 or `other`, `reason` is a word of the error table. Series of a removed route,
        upstream or listener disappear when its last configuration version retires.

        | metric | type | labels | meaning |
        |---|---|---|---|
        """);
    for (Metric metric : Metric.values()) {
      page.append("| `").append(metric.exposed()).append("` | ");
      page.append(metric.type().name().toLowerCase(Locale.ROOT)).append(" | ");
      page.append(
          metric.labels().stream().map(l -> '`' + l + '`').collect(Collectors.joining(", ")));
      page.append(" | ").append(metric.help()).append(" |\n");
    }
    return page.toString();
  }
}
