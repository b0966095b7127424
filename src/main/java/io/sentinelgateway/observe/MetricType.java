package io.sentinelgateway.observe;

/** How the values of a metric behave. */
enum MetricType {
  COUNTER("_total"),
  GAUGE(""),
  HISTOGRAM(""),
  INFO("_info");

  private final String suffix;

  MetricType(String suffix) {
    this.suffix = suffix;
  }

  /** What its exposed name ends with. */
  String suffix() {
    return suffix;
  }
}
