package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What kubectl or helm makes of the files in {@code k8s}: the objects that a cluster would get.
 *
 * @param file where they stand, as YAML
 */
record Rendering(Path file, List<JsonObject> objects) {

  private static final int SECONDS = 60;
  private static final Path FOLDER = Path.of("target/kubernetes");

  /** How a program ended, with all that it printed; output and complaints are kept apart. */
  record Result(int status, String output, String complaints) {}

  static Rendering kustomize(String name, Path folder) {
    return of(name, run(tool("kubectl"), "kustomize", folder.toString()));
  }

  static Rendering chart(String name, List<String> options) {
    return of(name, helm("template", options));
  }

  static Result helm(String command, List<String> options) {
    List<String> words = new ArrayList<>(List.of(tool("helm"), command));
    if (command.equals("template")) {
      words.addAll(List.of("edge", "--namespace", "edge"));
    }
    words.add("k8s/chart");
    words.addAll(options);
    return run(words.toArray(String[]::new));
  }

  private static Rendering of(String name, Result result) {
    assertThat(result.status()).as(result.complaints()).isZero();
    return new Rendering(written(name + ".yaml", result.output()), objects(result.output()));
  }

  static Path written(String name, String text) {
    try {
      return Files.writeString(Files.createDirectories(FOLDER).resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonObject> objects(String yaml) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object tree : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      if (tree instanceof Map<?, ?> map) {
        JsonObject object = new JsonObject();
        map.forEach((key, value) -> object.put(String.valueOf(key), value));
        objects.add(object);
      }
    }
    return objects;
  }

  static String tool(String program) {
    return Program.find(program, "nothing; put the folder on PATH that .ci/kubernetes-tools names");
  }

  static Result run(String... command) {
    try {
      Path out = Files.createTempFile(Files.createDirectories(FOLDER), "run", ".out");
      Path err = Files.createTempFile(FOLDER, "run", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as(command[0] + " ended").isTrue();
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Stream<JsonObject> all(String kind) {
    return objects.stream().filter(object -> object.getString("kind").equals(kind));
  }

  JsonObject one(String kind) {
    List<JsonObject> found = all(kind).toList();
    assertThat(found).as(kind).hasSize(1);
    return found.get(0);
  }

  /** The pods of the only deployment: {@code spec.template.spec}. */
  JsonObject pod() {
    return template().getJsonObject("spec");
  }

  JsonObject template() {
    return one("Deployment").getJsonObject("spec").getJsonObject("template");
  }

  JsonObject container() {
    return pod().getJsonArray("containers").getJsonObject(0);
  }

  /** The gateway's configuration. */
  String config() {
    Predicate<JsonObject> configured = data -> data.containsKey("sentinel.yaml");
    return all("ConfigMap")
        .map(map -> map.getJsonObject("data"))
        .filter(configured)
        .map(data -> data.getString("sentinel.yaml"))
        .reduce((a, b) -> a + "\n# more than one\n" + b)
        .orElseThrow(() -> new AssertionError("no ConfigMap holds sentinel.yaml"));
  }

  static Stream<JsonObject> each(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }
}
