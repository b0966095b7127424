package io.sentinelgateway.yaml;

import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A YAML or JSON text that is a list of targets, written as in a configuration. Immutable.
 *
 * @param targets all of them; none when there is an error
 * @param problems everything found, errors and warnings, in the order of the text
 */
public record TargetList(List<TargetConfig> targets, List<Problem> problems) {

  public TargetList {
    targets = List.copyOf(targets);
    problems = List.copyOf(problems);
  }

  /** Reads a text; any thread. The environment is not put into it. */
  public static TargetList read(SourceText source) {
    Problems syntax = new Problems(pointer -> new Position(source.name(), 0, 0));
    Optional<YamlNode> root = YamlReader.read(source, syntax);
    if (root.isEmpty() || syntax.invalid()) {
      return new TargetList(List.of(), syntax.list());
    }
    Problems problems = new Problems(pointer -> YamlNode.locate(root.get(), pointer));
    List<TargetConfig> targets = bind(root.get(), problems);
    if (!problems.invalid()) {
      TargetConfig.check(targets, problems);
    }
    return new TargetList(problems.invalid() ? List.of() : targets, problems.list());
  }

  private static List<TargetConfig> bind(YamlNode root, Problems problems) {
    List<TargetConfig> targets = new ArrayList<>();
    if (root instanceof Sequence list) {
      Binder binder =
          new Binder(new KindTable(List.of()), new Substitution(name -> Optional.empty()));
      for (int i = 0; i < list.items().size(); i++) {
        binder
            .bind(TargetConfig.class, list.items().get(i), problems.at(i))
            .map(TargetConfig.class::cast)
            .ifPresent(targets::add);
      }
    } else {
      problems.error(root.describe() + Binder.expected("a list of targets"));
    }
    return targets;
  }
}
