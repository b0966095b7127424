package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Prometheus text format, read strictly: series by name and labels. */
final class Scrape {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_][a-zA-Z0-9_]*(?:\\{(?:[a-z_]+=\"(?:[^\"\\\\]|\\\\.)*\",?)*})?)"
              + " (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");

  private Scrape() {}

  static Map<String, Double> of(GatewayMetrics metrics) {
    Map<String, Double> samples = new TreeMap<>();
    for (String line : metrics.scrape("").text().split("\n")) {
      if (!line.startsWith("#")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        double value = sample.group(2).endsWith("Inf") ? 0 : Double.parseDouble(sample.group(2));
        assertThat(samples.put(sample.group(1), value)).as("twice: " + line).isNull();
      }
    }
    return samples;
  }
}
