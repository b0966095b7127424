package io.sentinelgateway.suite;

import static io.sentinelgateway.suite.Rendering.each;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.suite.Rendering.Result;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files in {@code k8s}, rendered by kubectl and helm: a cluster would take them, the gateway
 * would take its configuration, and the two fit together.
 */
@Tag("suite")
@Timeout(120)
class KubernetesSuiteTest {

  private static final String EXTRA = "target/kubernetes/with-discovery";
  private static final Map<String, Rendering> RENDERED = new TreeMap<>(rendered());

  @TempDir private Path folder;

  private static Map<String, Rendering> rendered() {
    Map<String, Rendering> all = new TreeMap<>();
    all.put("base", Rendering.kustomize("base", Path.of("k8s/base")));
    all.put("dev", Rendering.kustomize("dev", Path.of("k8s/overlays/dev")));
    all.put("prod", Rendering.kustomize("prod", Path.of("k8s/overlays/prod")));
    all.put("discovery", Rendering.kustomize("discovery", withDiscovery()));
    for (String chart : List.of("chart", "chart-tls", "chart-discovery", "chart-large")) {
      all.put(chart, Rendering.chart(chart, values(chart)));
    }
    return all;
  }

  /** A component makes sense in an overlay only. */
  private static Path withDiscovery() {
    try {
      Files.createDirectories(Path.of(EXTRA));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Rendering.written(
            "with-discovery/kustomization.yaml",
            """
            resources: [../../../k8s/base]
            components: [../../../k8s/components/discovery]
            """)
        .getParent();
  }

  private static List<String> values(String chart) {
    return chart.equals("chart")
        ? List.of()
        : List.of("--values", "k8s/chart/ci/" + chart.substring(6) + "-values.yaml");
  }

  static Set<String> names() {
    return RENDERED.keySet();
  }

  /** The configuration with its files on this machine. */
  private Path config(Rendering rendering) throws IOException {
    Path secrets = Files.createDirectories(folder.resolve("admin"));
    Files.writeString(secrets.resolve("token"), "token-of-a-test");
    Path tls = Files.createDirectories(folder.resolve("tls"));
    if (rendering.config().contains("/etc/sentinel/tls/")) {
      Result made =
          sentinel(
              "cert",
              "self-signed",
              "shop.example",
              "--cert=" + tls.resolve("tls.crt"),
              "--key=" + tls.resolve("tls.key"));
      assertThat(made.status()).as(made.complaints()).isZero();
    }
    String here =
        rendering
            .config()
            .replace("/etc/sentinel/", folder + "/")
            .replace("/var/lib/sentinel", folder.resolve("state").toString());
    return Files.writeString(folder.resolve("sentinel.yaml"), here);
  }

  private GatewayConfig read(Rendering rendering) throws IOException {
    String text = Files.readString(config(rendering));
    ReadResult read = Catalog.reader(name -> Optional.empty()).readText("ConfigMap", text);
    assertThat(read.problems()).isEmpty();
    return read.config().orElseThrow();
  }

  private static Result sentinel(String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", "target/sentinel.jar"));
    command.addAll(List.of(words));
    return Rendering.run(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aClusterTakesEveryObject(String name) {
    Path crds = Path.of(Rendering.tool("kubectl-validate")).resolveSibling("crds");
    Result result =
        Rendering.run(
            Rendering.tool("kubectl-validate"),
            "--local-crds=" + crds,
            RENDERED.get(name).file().toString());
    assertThat(result.status()).as(result.output() + result.complaints()).isZero();
  }

  @Test
  void theValidationWouldSeeAMistake() {
    String wrong =
        RENDERED.get("base").objects().get(0).encode().replace("\"data\"", "\"datum\"")
            + "\n---\n"
            + RENDERED.get("base").one("Deployment").encode().replace("\"replicas\"", "\"copies\"");
    Path file = Rendering.written("wrong.yaml", wrong);
    Result result = Rendering.run(Rendering.tool("kubectl-validate"), file.toString());
    assertThat(result.status()).isNotZero();
    assertThat(result.output() + result.complaints()).contains("copies");
  }

  @ParameterizedTest
  @MethodSource("names")
  void theGatewayTakesItsConfiguration(String name) throws IOException {
    Path file = config(RENDERED.get(name));
    Result result = sentinel("check", "--config", file.toString());
    assertThat(result.status()).as(result.output() + result.complaints()).isZero();
    assertThat(result.output()).doesNotContain("warning");
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPodIsGivenLongerThanADrainTakes(String name) throws IOException {
    Rendering rendering = RENDERED.get(name);
    var server = read(rendering).server();
    int sleep =
        rendering
            .container()
            .getJsonObject("lifecycle", new JsonObject())
            .getJsonObject("preStop", new JsonObject())
            .getJsonObject("sleep", new JsonObject())
            .getInteger("seconds", 0);
    Duration drain = server.quietPeriod().plus(server.drainTimeout()).plusSeconds(sleep);
    int grace = rendering.pod().getInteger("terminationGracePeriodSeconds");
    assertThat(Duration.ofSeconds(grace)).isGreaterThan(drain);
  }

  @ParameterizedTest
  @MethodSource("names")
  void portsLeadToListeners(String name) throws IOException {
    Rendering rendering = RENDERED.get(name);
    GatewayConfig config = read(rendering);
    Map<String, Integer> ports =
        each(rendering.container().getJsonArray("ports"))
            .collect(
                Collectors.toMap(p -> p.getString("name"), p -> p.getInteger("containerPort")));
    assertThat(ports).containsEntry("admin", config.admin().address().port());
    config
        .listeners()
        .forEach((id, listener) -> assertThat(ports).containsEntry(id, listener.address().port()));
    assertThat(ports).hasSize(config.listeners().size() + 1);
    assertThat(
            rendering
                .all("Service")
                .flatMap(s -> each(s.getJsonObject("spec").getJsonArray("ports")))
                .map(port -> port.getString("targetPort")))
        .isNotEmpty()
        .allMatch(ports::containsKey);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonObject get = rendering.container().getJsonObject(probe).getJsonObject("httpGet");
      assertThat(get.getString("port")).isEqualTo("admin");
      assertThat(get.getString("path"))
          .isEqualTo(probe.equals("readinessProbe") ? "/readyz" : "/healthz");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void selectorsFindThePods(String name) {
    Rendering rendering = RENDERED.get(name);
    JsonObject labels = rendering.template().getJsonObject("metadata").getJsonObject("labels");
    Stream<JsonObject> direct =
        rendering.all("Service").map(service -> service.getJsonObject("spec"));
    Stream<JsonObject> nested =
        Stream.of("Deployment", "PodDisruptionBudget")
            .flatMap(rendering::all)
            .map(object -> object.getJsonObject("spec"));
    Stream<JsonObject> selectors =
        Stream.concat(
            direct.map(spec -> spec.getJsonObject("selector")),
            nested.map(spec -> spec.getJsonObject("selector").getJsonObject("matchLabels")));
    assertThat(selectors)
        .isNotEmpty()
        .allSatisfy(
            selector -> assertThat(labels.getMap()).containsAllEntriesOf(selector.getMap()));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aPodHasNoRightThatItDoesNotNeed(String name) {
    Rendering rendering = RENDERED.get(name);
    JsonObject pod = rendering.pod().getJsonObject("securityContext");
    assertThat(pod.getBoolean("runAsNonRoot")).isTrue();
    assertThat(pod.getJsonObject("seccompProfile").getString("type")).isEqualTo("RuntimeDefault");
    JsonObject container = rendering.container().getJsonObject("securityContext");
    assertThat(container.getBoolean("readOnlyRootFilesystem")).isTrue();
    assertThat(container.getBoolean("allowPrivilegeEscalation")).isFalse();
    assertThat(container.getJsonObject("capabilities").getJsonArray("drop"))
        .isEqualTo(new JsonArray().add("ALL"));
    boolean watches = rendering.all("Role").findAny().isPresent();
    assertThat(rendering.pod().getBoolean("automountServiceAccountToken")).isEqualTo(watches);
    assertThat(watches).isEqualTo(name.endsWith("discovery"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsMountedIsAFolderThatFollowsItsSource(String name) {
    Rendering rendering = RENDERED.get(name);
    List<JsonObject> mounts = each(rendering.container().getJsonArray("volumeMounts")).toList();
    assertThat(mounts).noneMatch(mount -> mount.containsKey("subPath"));
    assertThat(mounts.stream().map(mount -> mount.getString("name")))
        .containsExactlyInAnyOrderElementsOf(
            each(rendering.pod().getJsonArray("volumes")).map(v -> v.getString("name")).toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theChartHasNothingToComplainAbout(String name) {
    if (name.startsWith("chart")) {
      List<String> options = new ArrayList<>(values(name));
      options.add("--strict");
      Result result = Rendering.helm("lint", options);
      assertThat(result.status()).as(result.output() + result.complaints()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "terminationGracePeriodSeconds=35, together are 35 s",
    "preStopSeconds=301, preStopSeconds",
    "service.ports.other=81, config has no listener other",
    "resources.limits.memory=null, missing property 'memory'",
    "replica=3, additional properties 'replica' not allowed",
    "secrets.admin=null, missing property 'admin'",
    "config=version: 1, where no probe reaches it",
    "config=version: [, config is no YAML",
  })
  void theChartRefuses(String setting, String complaint) {
    Result result = Rendering.helm("template", List.of("--set", setting));
    assertThat(result.status()).isNotZero();
    assertThat(result.complaints()).contains(complaint);
  }

  @Test
  void alertsFireWhenTheyShall() throws IOException {
    Path rules =
        Rendering.written(
            "alerts.rules.yaml",
            RENDERED.get("prod").one("PrometheusRule").getJsonObject("spec").encodePrettily());
    String test = Files.readString(Path.of("k8s/components/monitoring/alerts-test.yaml"));
    Path tests = Rendering.written("alerts-test.yaml", test);
    String promtool = Program.find("promtool", "prometheus");
    Result checked = Rendering.run(promtool, "check", "rules", rules.toString());
    assertThat(checked.status()).as(checked.output() + checked.complaints()).isZero();
    Result tested = Rendering.run(promtool, "test", "rules", tests.toString());
    assertThat(tested.status()).as(tested.output() + tested.complaints()).isZero();
  }
}
