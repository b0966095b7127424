package io.sentinelgateway.yaml;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns source texts into a {@link GatewayConfig}, or into every reason why not: no run stops at
 * the first problem. Immutable; any thread, but not an event loop: it reads secrets from files.
 *
 * <p>A text becomes nodes with positions ({@link YamlReader}), several texts become one ({@link
 * SourceMerge}), nodes become records ({@link Binder}), and the records check themselves.
 */
public final class ConfigReader {

  private final KindTable kinds;
  private final Substitution substitution;
  private final BiConsumer<GatewayConfig, Problems> rules;

  /**
   * @param kinds every filter, handler and balancer that a configuration may name
   * @param environment looks up the variables of {@code ${NAME}}
   */
  public ConfigReader(
      List<? extends Kind<?, ?, ?>> kinds, Function<String, Optional<String>> environment) {
    this(kinds, environment, (config, problems) -> {});
  }

  /**
   * @param kinds every filter, handler and balancer that a configuration may name
   * @param environment looks up the variables of {@code ${NAME}}
   * @param rules adds what only other rooms can judge, such as routes that can never match
   */
  public ConfigReader(
      List<? extends Kind<?, ?, ?>> kinds,
      Function<String, Optional<String>> environment,
      BiConsumer<GatewayConfig, Problems> rules) {
    this.kinds = new KindTable(kinds);
    this.rules = rules;
    substitution = new Substitution(environment);
  }

  /** Reads a configuration from one text. */
  public ReadResult readText(String fileName, String yaml) {
    return read(Sources.of(fileName, yaml));
  }

  /** Reads a configuration from all its texts. */
  public ReadResult read(Sources sources) {
    SourceMerge merge = new SourceMerge(sources.name());
    List<Problem> found = new ArrayList<>(sources.problems());
    for (SourceText source : sources.texts()) {
      found.addAll(add(source, merge));
    }
    Mapping root = merge.root();
    boolean whole = sources.problems().isEmpty() && merge.roots() == sources.texts().size();
    String hash = ContentHash.of(root, sources.texts());
    Binder binder = new Binder(kinds, substitution);
    Optional<GatewayConfig> config = bind(binder, root, whole, found);
    boolean invalid = found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    return new ReadResult(
        invalid ? Optional.empty() : config,
        found.stream().sorted().toList(),
        hash,
        binder.files(),
        pointer -> YamlNode.locate(root, pointer));
  }

  private static List<Problem> add(SourceText source, SourceMerge merge) {
    Problems problems = new Problems(pointer -> new Position(source.name(), 0, 0));
    YamlReader.read(source, problems).ifPresent(root -> merge.add(root, problems));
    return problems.list();
  }

  /**
   * Makes the records and lets them check themselves.
   *
   * @param whole false when a file could not be read: then what seems to be missing may be there,
   *     so only what is wrong in itself is told
   */
  private Optional<GatewayConfig> bind(
      Binder binder, Mapping root, boolean whole, List<Problem> found) {
    Function<String, Position> positions = pointer -> YamlNode.locate(root, pointer);
    Problems problems = new Problems(positions);
    if (!whole) {
      Shape.of(GatewayConfig.class).keys().stream()
          .map(Shape.Key::name)
          .filter(key -> !root.entries().containsKey(key))
          .forEach(key -> binder.distrust(problems.at(key)));
    }
    Optional<GatewayConfig> config =
        binder.bind(GatewayConfig.class, root, problems).map(GatewayConfig.class::cast);
    found.addAll(problems.list());
    if (whole) {
      Problems checked =
          new Problems(positions, settings -> kinds.wordOf(HandlerSettings.class, settings));
      config.ifPresent(c -> c.check(checked));
      if (config.isPresent() && !problems.invalid() && !checked.invalid()) {
        rules.accept(config.get(), checked);
      }
      checked.list().stream().filter(p -> !binder.unsound(p.path())).forEach(found::add);
    }
    return config;
  }
}
