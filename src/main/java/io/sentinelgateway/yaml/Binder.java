package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.yaml.YamlNode.Entry;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns nodes into values of any type that can stand in a configuration record. Confined to one
 * thread; used for one configuration.
 *
 * <p>Nothing stops at the first problem: a value that cannot be read is reported, its place is
 * remembered in {@link #unsound}, and a stand-in takes its place, so that its neighbours are still
 * checked. An empty answer means that not even a stand-in was possible.
 */
final class Binder {

  static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  static final int MAX_NAME = 256;

  private final KindTable kinds;
  private final Substitution substitution;
  private final RecordBinder records;
  private final Set<String> unsound = new HashSet<>();
  private final Set<Path> files = new HashSet<>();

  Binder(KindTable kinds, Substitution substitution) {
    this.kinds = kinds;
    this.substitution = substitution;
    records = new RecordBinder(this, kinds);
  }

  /** Paths whose values are stand-ins; what a check says of them is not worth telling. */
  boolean unsound(String path) {
    for (int end = path.length(); end > 0; end--) {
      boolean step = end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[';
      if (step && unsound.contains(path.substring(0, end))) {
        return true;
      }
    }
    return unsound.contains("");
  }

  /** Reports, and remembers that the value here is not what was written. */
  void fail(Problems at, String message) {
    if (!unsound(at.path())) {
      at.error(message);
      unsound.add(at.path());
    }
  }

  /** Remembers that the value here is not what was meant; another problem says why. */
  void distrust(Problems at) {
    unsound.add(at.path());
  }

  Optional<Object> bind(Type type, YamlNode node, Problems at) {
    Class<?> raw = Shape.raw(type);
    if (raw == List.class) {
      return Optional.of(list(Shape.argument(type, 0), node, at));
    }
    if (raw == Map.class) {
      return map(Shape.argument(type, 1), false, node, at);
    }
    if (ScalarTypes.scalar(raw)) {
      return scalar(raw, node, at);
    }
    if (raw.isSealed()) {
      return either(raw, node, at);
    }
    return raw.isInterface() ? choice(raw, node, at) : records.bind(Shape.of(raw), node, at);
  }

  private Optional<Object> scalar(Class<?> type, YamlNode node, Problems at) {
    if (node instanceof Scalar scalar) {
      try {
        Scalar resolved = resolved(scalar);
        file(type, resolved.text()).ifPresent(files::add);
        return Optional.of(ScalarTypes.read(type, resolved));
      } catch (IllegalArgumentException e) {
        fail(at, String.valueOf(e.getMessage()));
      }
    } else {
      fail(at, node.describe() + expected(ScalarTypes.expected(type)));
    }
    return StandIns.of(type);
  }

  /**
   * The scalar with the environment put in.
   *
   * @throws IllegalArgumentException naming what is not set
   */
  Scalar resolved(Scalar scalar) {
    if (!Substitution.concerns(scalar.text())) {
      return scalar;
    }
    return scalar.substituted(substitution.apply(scalar.text()));
  }

  /** The files that values of the form {@code file:/path} name, and those of certificates. */
  Set<Path> files() {
    return files;
  }

  private static Optional<Path> file(Class<?> type, String text) {
    try {
      if (text.startsWith("file:/")) {
        return Optional.of(Path.of(text.substring("file:".length())));
      }
      return type == PemFile.class ? Optional.of(Path.of(text)) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A single scalar, or mapping that is not itself expected, may stand for a list of one. */
  private List<Object> list(Type item, YamlNode node, Problems at) {
    List<Object> values = new ArrayList<>();
    if (node instanceof Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        bind(item, sequence.items().get(i), at.at(i)).ifPresent(values::add);
      }
    } else if (node instanceof Scalar scalar
        && scalar.kind() != ScalarKind.NOTHING
        && ScalarTypes.scalar(Shape.raw(item))) {
      bind(item, node, at).ifPresent(values::add);
    } else {
      fail(at, node.describe() + expected("a list"));
    }
    return List.copyOf(values);
  }

  /** A map; ids are names that other places refer to. */
  Optional<Object> map(Type value, boolean ids, YamlNode node, Problems at) {
    if (!(node instanceof Mapping mapping)) {
      fail(at, node.describe() + expected("a mapping"));
      return Optional.of(Map.of());
    }
    Map<String, Object> values = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              Problems deeper = at.at(key);
              checkName(key, ids, entry, deeper);
              bind(value, entry.value(), deeper).ifPresent(v -> values.put(key, v));
            });
    return Optional.of(Collections.unmodifiableMap(values));
  }

  private static void checkName(String key, boolean ids, Entry entry, Problems at) {
    if (ids && !key.matches(ID)) {
      at.error(
          entry.key(),
          "not an id (expected: 1–64 letters, digits, '.', '_' or '-', first a letter or digit)");
    } else if (key.isEmpty() || key.length() > MAX_NAME) {
      at.error(entry.key(), "not a name (expected: 1–" + MAX_NAME + " characters)");
    }
  }

  /** Settings of the kind that {@code type:} names. */
  private Optional<Object> choice(Class<?> settings, YamlNode node, Problems at) {
    Map<String, Class<?>> words = kinds.of(settings);
    if (!(node instanceof Mapping mapping)) {
      fail(at, node.describe() + expected("a mapping with type: and its keys"));
      return StandIns.of(settings);
    }
    Optional<Class<?>> record = kind(words, mapping, at.at("type"));
    if (record.isEmpty()) {
      distrust(at);
      return StandIns.of(settings);
    }
    Map<String, Entry> rest = new LinkedHashMap<>(mapping.entries());
    rest.remove("type");
    return records.bind(Shape.of(record.get()), new Mapping(mapping.position(), rest), at);
  }

  private static Optional<Class<?>> kind(
      Map<String, Class<?>> words, Mapping mapping, Problems at) {
    Entry type = mapping.entries().get("type");
    String oneOf = expected("one of " + String.join(", ", words.keySet()));
    if (type == null) {
      at.error("missing" + oneOf);
    } else if (!(type.value() instanceof Scalar scalar)) {
      at.error(type.value().describe() + oneOf);
    } else if (!words.containsKey(scalar.text())) {
      at.error(
          "no type named " + scalar.text() + Suggestion.didYouMean(scalar.text(), words.keySet()));
    } else {
      return Optional.of(words.get(scalar.text()));
    }
    return Optional.empty();
  }

  /** A sealed pair of one-component records: one is written as a scalar, the other as a mapping. */
  private Optional<Object> either(Class<?> sealed, YamlNode node, Problems at) {
    for (Class<?> alternative :
        node instanceof Sequence ? new Class<?>[0] : sealed.getPermittedSubclasses()) {
      Shape shape = Shape.of(alternative);
      Type only = shape.keys().get(0).type();
      if (ScalarTypes.scalar(Shape.raw(only)) == node instanceof Scalar) {
        return bind(only, node, at).map(value -> shape.create(List.of(value)));
      }
    }
    fail(at, node.describe() + expected("an id, or a mapping"));
    return StandIns.of(sealed);
  }

  static String expected(String what) {
    return " (expected: " + what + ")";
  }
}
