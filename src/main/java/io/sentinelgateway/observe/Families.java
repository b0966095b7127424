package io.sentinelgateway.observe;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects one scrape. Confined to the thread that reads. */
final class Families {

  private final Map<Metric, List<CounterDataPointSnapshot>> counters = new EnumMap<>(Metric.class);
  private final Map<Metric, List<GaugeDataPointSnapshot>> gauges = new EnumMap<>(Metric.class);
  private final Map<Metric, List<HistogramDataPointSnapshot>> histograms =
      new EnumMap<>(Metric.class);
  private final Map<Metric, List<InfoDataPointSnapshot>> infos = new EnumMap<>(Metric.class);

  void counter(Metric metric, long count, String... labels) {
    double value = (double) count;
    points(counters, metric)
        .add(new CounterDataPointSnapshot(value, labels(metric, labels), null, 0));
  }

  void gauge(Metric metric, long value, String... labels) {
    gauge(metric, (double) value, labels);
  }

  void gauge(Metric metric, double value, String... labels) {
    points(gauges, metric).add(new GaugeDataPointSnapshot(value, labels(metric, labels), null));
  }

  void histogram(Metric metric, Histogram.Total total, String... labels) {
    ClassicHistogramBuckets buckets =
        ClassicHistogramBuckets.of(total.buckets().seconds(), total.counts());
    points(histograms, metric)
        .add(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets)
                .sum(total.sumSeconds())
                .labels(labels(metric, labels))
                .build());
  }

  void info(Metric metric, String... labels) {
    points(infos, metric).add(new InfoDataPointSnapshot(labels(metric, labels)));
  }

  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    counters.forEach((m, points) -> all.add(new CounterSnapshot(metadata(m), points)));
    gauges.forEach((m, points) -> all.add(new GaugeSnapshot(metadata(m), points)));
    histograms.forEach((m, points) -> all.add(new HistogramSnapshot(metadata(m), points)));
    infos.forEach((m, points) -> all.add(new InfoSnapshot(metadata(m), points)));
    return new MetricSnapshots(all);
  }

  private static MetricMetadata metadata(Metric metric) {
    return new MetricMetadata(metric.family(), metric.help());
  }

  private static Labels labels(Metric metric, String... values) {
    return Labels.of(metric.labels(), List.of(values));
  }

  private static <T> List<T> points(Map<Metric, List<T>> all, Metric metric) {
    return all.computeIfAbsent(metric, m -> new ArrayList<>());
  }
}
