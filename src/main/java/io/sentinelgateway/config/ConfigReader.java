package io.sentinelgateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /**
   * @param kinds every filter, handler and balancer that a configuration may name
   * @param environment looks up the variables of {@code ${NAME}}
   */
  public ConfigReader(
      List<? extends Kind<?, ?, ?>> kinds, Function<String, Optional<String>> environment) {
    this.kinds = new KindTable(kinds);
    substitution = new Substitution(environment);
  }

  /** Reads a configuration from one text. */
  public ReadResult readText(String fileName, String yaml) {
    return read(fileName, List.of(new SourceText(fileName, yaml)));
  }

  /**
   * Reads a configuration from all its files.
   *
   * @param name of the file or directory, for problems that are of no single file
   * @param sources in the order in which they are merged
   */
  public ReadResult read(String name, List<SourceText> sources) {
    SourceMerge merge = new SourceMerge(name);
    List<Problem> found = new ArrayList<>();
    for (SourceText source : sources) {
      Problems problems = new Problems(pointer -> new Position(source.name(), 0, 0));
      YamlReader.read(source, problems).ifPresent(root -> merge.add(root, problems));
      found.addAll(problems.list());
    }
    YamlNode.Mapping root = merge.root();
    String hash = ContentHash.of(root, sources);
    Optional<GatewayConfig> config =
        found.isEmpty() || merge.any() ? bind(root, found) : Optional.empty();
    boolean invalid = found.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    return new ReadResult(
        invalid ? Optional.empty() : config, found.stream().sorted().toList(), hash);
  }

  private Optional<GatewayConfig> bind(YamlNode root, List<Problem> found) {
    Function<String, Position> positions = pointer -> YamlNode.locate(root, pointer);
    Problems problems = new Problems(positions);
    Binder binder = new Binder(kinds, substitution);
    Optional<GatewayConfig> config =
        binder.bind(GatewayConfig.class, root, problems).map(GatewayConfig.class::cast);
    Problems checked =
        new Problems(positions, settings -> kinds.wordOf(HandlerSettings.class, settings));
    config.ifPresent(c -> c.check(checked));
    found.addAll(problems.list());
    checked.list().stream().filter(p -> !binder.unsound(p.path())).forEach(found::add);
    return config;
  }
}
