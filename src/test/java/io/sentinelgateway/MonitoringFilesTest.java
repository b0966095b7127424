package io.sentinelgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Alerts and dashboard ask for metrics and labels that the gateway has. */
class MonitoringFilesTest {

  private static final Path FOLDER = Path.of("k8s/components/monitoring");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(sentinel_\\w+)` \\| (\\w+) \\| (.*?) \\|");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");
  private static final Pattern METRIC = Pattern.compile("\\b(sentinel_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");

  /** Labels of the scrape, not of the gateway. */
  private static final Set<String> SCRAPE = Set.of("namespace", "pod", "le");

  static List<String> alerts() throws IOException {
    String yaml = Files.readString(FOLDER.resolve("alerts.yaml"));
    Map<?, ?> tree = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    JsonObject spec = new JsonObject(Map.of("spec", tree.get("spec"))).getJsonObject("spec");
    return objects(spec, "groups")
        .flatMap(group -> objects(group, "rules"))
        .map(rule -> rule.getString("expr"))
        .toList();
  }

  static List<String> panels() throws IOException {
    JsonObject board = new JsonObject(Files.readString(FOLDER.resolve("dashboard.json")));
    return objects(board, "panels")
        .filter(panel -> panel.containsKey("targets"))
        .flatMap(panel -> objects(panel, "targets"))
        .map(target -> target.getString("expr"))
        .toList();
  }

  private static Stream<JsonObject> objects(JsonObject parent, String key) {
    return parent.getJsonArray(key).stream()
        .map(value -> value instanceof JsonObject o ? o : JsonObject.mapFrom(value));
  }

  @ParameterizedTest
  @MethodSource({"alerts", "panels"})
  void askForWhatThereIs(String expression) throws IOException {
    Map<String, Set<String>> known = series();
    Set<String> labels = new HashSet<>(SCRAPE);
    List<MatchResult> metrics = METRIC.matcher(expression).results().toList();
    assertThat(metrics).isNotEmpty();
    for (MatchResult metric : metrics) {
      assertThat(known).containsKey(metric.group(1));
      Set<String> own = new HashSet<>(SCRAPE);
      own.addAll(known.get(metric.group(1)));
      labels.addAll(own);
      if (metric.group(2) != null) {
        String matchers = metric.group(2).replaceAll("\"[^\"]*\"", "");
        assertThat(groups(MATCHER, matchers)).isSubsetOf(own);
      }
    }
    assertThat(
            GROUPING.matcher(expression).results().flatMap(m -> Stream.of(m.group(1).split(", "))))
        .isSubsetOf(labels);
  }

  /** Every documented series with its labels. */
  private static Map<String, Set<String>> series() throws IOException {
    Map<String, Set<String>> series = new HashMap<>();
    String page = Files.readString(Path.of("docs/reference/metrics.md"));
    ROW.matcher(page)
        .results()
        .forEach(
            row -> {
              Set<String> labels = Set.copyOf(groups(WORD, row.group(3)));
              List<String> endings =
                  row.group(2).equals("histogram")
                      ? List.of("_bucket", "_sum", "_count")
                      : List.of("");
              endings.forEach(ending -> series.put(row.group(1) + ending, labels));
            });
    assertThat(series).hasSizeGreaterThan(40);
    return series;
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(m -> m.group(1))
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }
}
