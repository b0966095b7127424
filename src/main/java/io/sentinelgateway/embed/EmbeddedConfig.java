package io.sentinelgateway.embed;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads configurations for a gateway that listens on nothing: a listener with all defaults is added
 * to them, so that they need none. Immutable; blocks, because secrets come from files.
 */
final class EmbeddedConfig {

  /** Stands for the application's server in routes, tests and records. */
  static final String LISTENER = "embedded";

  private static final String NAME = "configuration";
  private static final SourceText STAND_IN =
      new SourceText("(embedding)", "listeners: {" + LISTENER + ": {address: \"127.0.0.1:0\"}}\n");

  private final ConfigReader reader =
      Catalog.reader(variable -> Optional.ofNullable(System.getenv(variable)));
  private final GatewayConfig empty = read("version: 1\n").config().orElseThrow();

  /** Its configuration is present when it can be used. */
  ReadResult read(String yaml) {
    List<SourceText> texts = List.of(STAND_IN, new SourceText(NAME, yaml));
    return reader.read(new Sources(NAME, texts, List.of()));
  }

  /** Keys that are set to something and decide nothing here, because the application does. */
  List<String> unused(GatewayConfig config) {
    List<String> unused = new ArrayList<>();
    config.listeners().keySet().stream()
        .filter(id -> !id.equals(LISTENER))
        .forEach(id -> unused.add("listeners." + id));
    if (!config.admin().equals(empty.admin())) {
      unused.add("admin");
    }
    if (!config.log().equals(empty.log())) {
      unused.add("log");
    }
    if (config.server().transport() != empty.server().transport()) {
      unused.add("server.transport");
    }
    if (config.server().tlsProvider() != empty.server().tlsProvider()) {
      unused.add("server.tls-provider");
    }
    if (!config.server().reload().equals(empty.server().reload())) {
      unused.add("server.reload");
    }
    if (!config.server().quietPeriod().equals(empty.server().quietPeriod())) {
      unused.add("server.quiet-period");
    }
    return unused;
  }

  static Problem problem(String path, String message) {
    return new Problem(Problem.Severity.ERROR, new Position(NAME, 0, 0), path, message);
  }
}
