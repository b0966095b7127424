package io.sentinelgateway.yaml;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.yaml.YamlNode.Entry;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one document of several: maps are merged by id, lists are appended, everything else stands
 * in one file only, though a plain value may be repeated when it is the same. Confined to one
 * thread.
 */
final class SourceMerge {

  private static final Shape SHAPE = Shape.of(GatewayConfig.class);

  private final Map<String, Entry> merged = new LinkedHashMap<>();
  private Position start;
  private int roots;

  /**
   * @param name of the file or directory as a whole
   */
  SourceMerge(String name) {
    start = new Position(name, 0, 0);
  }

  /** Adds the root of one file. */
  void add(YamlNode root, Problems problems) {
    if (!(root instanceof Mapping mapping)) {
      problems.error(root.position(), root.describe() + Binder.expected("a mapping"));
      return;
    }
    start =
        roots++ == 0 && start.file().equals(root.position().file())
            ? root.position()
            : new Position(start.file(), 0, 0);
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              Entry earlier = merged.putIfAbsent(key, entry);
              if (earlier != null) {
                merged.put(key, new Entry(earlier.key(), join(key, earlier, entry, problems)));
              }
            });
  }

  /** How many files were added. */
  int roots() {
    return roots;
  }

  Mapping root() {
    return new Mapping(start, merged);
  }

  private YamlNode join(String key, Entry first, Entry second, Problems problems) {
    Problems at = problems.at(key);
    Optional<Class<?>> type = SHAPE.key(key).map(k -> Shape.raw(k.type()));
    boolean map = type.filter(t -> t == Map.class).isPresent();
    if (map && first.value() instanceof Mapping one && second.value() instanceof Mapping two) {
      return union(one, two, at);
    }
    boolean list = type.filter(t -> t == List.class).isPresent();
    if (list && first.value() instanceof Sequence one && second.value() instanceof Sequence two) {
      List<YamlNode> items = new ArrayList<>(one.items());
      items.addAll(two.items());
      return new Sequence(one.position(), List.copyOf(items));
    }
    if (!(first.value() instanceof Scalar one
        && second.value() instanceof Scalar two
        && one.text().equals(two.text()))) {
      at.error(second.key(), "stands in two files (first at " + first.key() + ")");
    }
    return first.value();
  }

  private static Mapping union(Mapping one, Mapping two, Problems at) {
    Map<String, Entry> both = new LinkedHashMap<>(one.entries());
    two.entries()
        .forEach(
            (id, entry) -> {
              Entry earlier = both.putIfAbsent(id, entry);
              if (earlier != null) {
                at.at(id).error(entry.key(), "stands twice (first at " + earlier.key() + ")");
              }
            });
    return new Mapping(one.position(), both);
  }
}
