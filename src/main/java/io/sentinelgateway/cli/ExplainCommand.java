package io.sentinelgateway.cli;

import io.sentinelgateway.runtime.Decision;
import io.sentinelgateway.runtime.Explainer;
import io.sentinelgateway.runtime.Question;
import io.sentinelgateway.runtime.UnusableConfigException;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.yaml.ReadResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sentinel explain 'GET https://shop.example/x'} */
@Command(
    name = "explain",
    description = {
      "Says which route a request takes and why: every candidate with the first condition that",
      "failed, the winner, filters, rewritten target, upstream, targets and mirror."
    })
final class ExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Parameters(
      paramLabel = "'METHOD URL'",
      description = "Such as 'GET https://shop.example/cart?x=1'.")
  private String request;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      description = "A field line of the request; may be repeated.")
  private List<String> headers = List.of();

  @Option(
      names = "--client",
      paramLabel = "ADDRESS",
      defaultValue = Question.LOOPBACK,
      description = "The client's address (default: ${DEFAULT-VALUE}).")
  private String client;

  @Option(
      names = "--listener",
      paramLabel = "ID",
      description = "The listener (default: the first).")
  private @Nullable String listener;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ReadResult result = config.read();
    if (result.config().isEmpty()) {
      result.problems().forEach(spec.commandLine().getErr()::println);
      return Sentinel.FAILED;
    }
    try (Bench bench = new Bench()) {
      Question question = Question.parse(request, fields(), client, listener);
      Decision decision = Explainer.explain(bench.compile(result), question);
      if (json) {
        out.println(decision.toJson().encodePrettily());
      } else {
        decision.lines().forEach(out::println);
      }
      return Sentinel.OK;
    } catch (UnusableConfigException e) {
      Problems problems = result.findings();
      e.report(problems);
      problems.list().forEach(spec.commandLine().getErr()::println);
      return Sentinel.FAILED;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private List<Map.Entry<String, String>> fields() {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException('"' + header + "\" (expected: 'name: value')");
      }
      fields.add(
          Map.entry(header.substring(0, colon).strip(), header.substring(colon + 1).strip()));
    }
    return fields;
  }
}
