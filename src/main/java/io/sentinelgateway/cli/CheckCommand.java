package io.sentinelgateway.cli;

import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Summary;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sentinel check} */
@Command(
    name = "check",
    description = {
      "Reports every problem of a configuration with its place, judges its tests,",
      "and names routes that can never match."
    })
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    ReadResult result = config.read();
    List<Problem> problems = new ArrayList<>(result.problems());
    if (result.config().isPresent()) {
      try (Bench bench = new Bench()) {
        problems.addAll(bench.problems(result));
      }
    }
    boolean valid = problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    print(result, problems, valid);
    return valid ? Sentinel.OK : Sentinel.FAILED;
  }

  private void print(ReadResult result, List<Problem> problems, boolean valid) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonArray list = new JsonArray();
      problems.forEach(problem -> list.add(json(problem)));
      out.println(
          new JsonObject()
              .put("valid", valid)
              .put("hash", result.shortHash())
              .put("problems", list)
              .encodePrettily());
      return;
    }
    problems.forEach(out::println);
    if (!problems.isEmpty()) {
      out.println(Summary.of(problems));
    }
    if (valid) {
      int tests = result.config().map(c -> c.tests().size()).orElse(0);
      String held = tests == 0 ? "" : "; " + tests + (tests == 1 ? " test holds" : " tests hold");
      out.println(config.path() + " is valid (sha " + result.shortHash() + held + ").");
    }
  }

  private static JsonObject json(Problem problem) {
    return new JsonObject()
        .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
        .put("file", problem.position().file())
        .put("line", problem.position().line())
        .put("column", problem.position().column())
        .put("key", problem.path())
        .put("message", problem.message());
  }
}
