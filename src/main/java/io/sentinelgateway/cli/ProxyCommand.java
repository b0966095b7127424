package io.sentinelgateway.cli;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway.Start;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sentinel proxy --listen :8080 --to http://localhost:9000} */
@Command(
    name = "proxy",
    description = "Starts without a file: every request goes to one of the URLs.")
final class ProxyCommand implements Callable<Integer> {

  private static final String NAME = "(command line)";

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = ":8080",
      description = "Where clients connect: :8080, 127.0.0.1:8080 (default: ${DEFAULT-VALUE}).")
  private String listen;

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description = "An origin server, such as http://localhost:9000; may be repeated.")
  private List<String> to;

  @Option(
      names = "--instances",
      paramLabel = "N",
      defaultValue = "auto",
      description = "Event loops (default: one per processor).")
  private String instances;

  @Option(names = "--print-config", description = "Print the file that this equals, and end.")
  private boolean printConfig;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String yaml = yaml();
    Sources sources = Sources.of(NAME, yaml);
    ConfigReader reader = ConfigOption.reader();
    ReadResult result = reader.read(sources);
    if (result.config().isEmpty()) {
      result.problems().forEach(problem -> spec.commandLine().getErr().println(problem.message()));
      return Sentinel.USAGE;
    }
    if (printConfig) {
      out.print(yaml);
      out.flush();
      return Sentinel.OK;
    }
    int status =
        Serving.serve(
            new Start(result, sources, false, () -> sources, reader, "", Version.number()),
            Serving.words(spec));
    if (status == Sentinel.SERVING) {
      out.println(url() + " → " + String.join(", ", to));
    }
    return status;
  }

  private String url() {
    Address address = Address.parse(listen);
    return address.host().equals("0.0.0.0")
        ? "http://localhost:" + address.port()
        : "http://" + address;
  }

  private String yaml() {
    try {
      Address.parse(listen);
      List<URI> origins = to.stream().map(ProxyCommand::origin).toList();
      String path = origins.get(0).getRawPath().replaceAll("/$", "");
      if (origins.stream().anyMatch(o -> !o.getRawPath().replaceAll("/$", "").equals(path))) {
        throw new IllegalArgumentException("--to: the paths differ (expected: the same path)");
      }
      String targets =
          origins.stream()
              .map(origin -> "      - {address: \"" + address(origin) + "\"}\n")
              .collect(Collectors.joining());
      String rewrite = path.isEmpty() ? "" : ", rewrite: {add-prefix: " + path + "}";
      return "version: 1\n"
          + (instances.equals("auto") ? "" : "server: {instances: " + instances + "}\n")
          + "listeners:\n  web: {address: \""
          + listen
          + "\"}\nupstreams:\n  origin:\n    targets:\n"
          + targets
          + "routes:\n  all:\n    forward: {upstream: origin"
          + rewrite
          + "}\n";
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static URI origin(String text) {
    URI uri = URI.create(text.contains("://") ? text : "http://" + text);
    boolean plain = "http".equals(uri.getScheme()) && uri.getHost() != null;
    if (!plain || uri.getRawQuery() != null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "--to: \"" + text + "\" (expected: an http URL, such as http://localhost:9000)");
    }
    return uri;
  }

  private static String address(URI origin) {
    return origin.getHost() + ":" + (origin.getPort() < 0 ? 80 : origin.getPort());
  }
}
