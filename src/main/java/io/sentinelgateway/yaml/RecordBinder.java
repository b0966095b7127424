package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import io.sentinelgateway.yaml.YamlNode.Entry;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a mapping into a record: one key per component. Confined to one thread. */
final class RecordBinder {

  private final Binder binder;
  private final KindTable kinds;
  private final Map<RecordComponent, Object> defaults = new HashMap<>();

  RecordBinder(Binder binder, KindTable kinds) {
    this.binder = binder;
    this.kinds = kinds;
  }

  Optional<Object> bind(Shape shape, YamlNode node, Problems at) {
    Optional<Mapping> mapping = mapping(shape, node, at);
    if (mapping.isEmpty()) {
      return StandIns.of(shape.type());
    }
    Set<String> meant = unknownKeys(shape, mapping.get(), at);
    List<Object> values = new ArrayList<>();
    for (Shape.Key key : shape.keys()) {
      Optional<Object> value = component(key, mapping.get(), meant, at);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    alternatives(shape, values, at);
    try {
      return Optional.of(shape.create(values));
    } catch (IllegalArgumentException e) {
      binder.fail(at, String.valueOf(e.getMessage()));
      return StandIns.of(shape.type());
    }
  }

  /** The mapping, or the one that a shorthand stands for. */
  private Optional<Mapping> mapping(Shape shape, YamlNode node, Problems at) {
    if (node instanceof Mapping mapping) {
      return Optional.of(mapping);
    }
    if (node instanceof Scalar scalar && scalar.kind() != ScalarKind.NOTHING) {
      Optional<Shape.Key> word = shorthand(shape, scalar.text());
      Optional<Shape.Key> any = shorthand(shape, "");
      if (word.isPresent()) {
        return Optional.of(
            single(word.get(), new Scalar(scalar.position(), "true", ScalarKind.BOOLEAN)));
      }
      if (any.isPresent()) {
        return Optional.of(single(any.get(), scalar));
      }
    }
    binder.fail(at, node.describe() + Binder.expected("a mapping"));
    return Optional.empty();
  }

  private static Optional<Shape.Key> shorthand(Shape shape, String word) {
    return shape.keys().stream()
        .filter(k -> k.shorthand().filter(word::equals).isPresent())
        .findFirst();
  }

  private static Mapping single(Shape.Key key, Scalar scalar) {
    return new Mapping(scalar.position(), Map.of(key.name(), new Entry(scalar.position(), scalar)));
  }

  /**
   * Reports every key that no component has.
   *
   * @return the keys that were probably meant; they are not missing, they are misspelled
   */
  private Set<String> unknownKeys(Shape shape, Mapping mapping, Problems at) {
    Set<String> known = known(shape);
    Set<String> meant = new LinkedHashSet<>();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                Set<String> free = new LinkedHashSet<>(known);
                free.removeAll(mapping.entries().keySet());
                Suggestion.nearest(key, free).ifPresent(meant::add);
                at.at(key).error(entry.key(), "unknown key" + Suggestion.didYouMean(key, known));
              }
            });
    return meant;
  }

  private Set<String> known(Shape shape) {
    Set<String> known = new LinkedHashSet<>();
    for (Shape.Key key : shape.keys()) {
      if (key.discriminated()) {
        known.addAll(kinds.of(Shape.raw(key.type())).keySet());
      } else {
        known.add(key.name());
      }
    }
    return known;
  }

  private Optional<Object> component(
      Shape.Key key, Mapping mapping, Set<String> meant, Problems at) {
    if (key.discriminated()) {
      return discriminated(key, mapping, meant, at);
    }
    Problems deeper = at.at(key.name());
    Entry entry = mapping.entries().get(key.name());
    if (entry == null) {
      return absent(key, meant, deeper);
    }
    Optional<Object> value = value(key, entry.value(), deeper);
    value.ifPresent(v -> key.range().ifPresent(range -> checkRange(range, key.type(), v, deeper)));
    return key.optional() ? value.map(Optional::of) : value;
  }

  private void checkRange(Range range, Type type, Object value, Problems at) {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        checkRange(range, Shape.argument(type, 0), list.get(i), at.at(i));
      }
    } else if (!binder.unsound(at.path())) {
      Ranges.violation(range, Shape.raw(type), value).ifPresent(m -> binder.fail(at, m));
    }
  }

  private Optional<Object> value(Shape.Key key, YamlNode node, Problems at) {
    if (Shape.raw(key.type()) == Map.class) {
      return binder.map(Shape.argument(key.type(), 1), key.ids(), node, at);
    }
    return binder.bind(key.type(), node, at);
  }

  private Optional<Object> absent(Shape.Key key, Set<String> meant, Problems at) {
    if (meant.contains(key.name())) {
      binder.distrust(at);
    }
    if (key.optional()) {
      return Optional.of(Optional.empty());
    }
    Optional<String> text = key.defaultText();
    if (text.isPresent()) {
      return defaultValue(key, text.get(), at);
    }
    if (!meant.contains(key.name())) {
      binder.fail(at, "missing" + Binder.expected(Expectations.of(key.type())));
    }
    return StandIns.of(key.type());
  }

  /** Made once, as far as it can be made: the value of a default is immutable. */
  private Optional<Object> defaultValue(Shape.Key key, String text, Problems at) {
    Object known = defaults.get(key.component());
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Object> value = value(key, YamlJson.parseDefault(text), at);
    value
        .filter(made -> !binder.unsound(at.path()))
        .ifPresent(made -> defaults.put(key.component(), made));
    return value;
  }

  /** The one key that is a kind's word. */
  private Optional<Object> discriminated(
      Shape.Key key, Mapping mapping, Set<String> meant, Problems at) {
    Map<String, Class<?>> words = kinds.of(Shape.raw(key.type()));
    List<String> present = words.keySet().stream().filter(mapping.entries()::containsKey).toList();
    if (present.isEmpty()) {
      if (meant.stream().noneMatch(words::containsKey)) {
        at.error(
            "no " + key.name() + Binder.expected("one of " + String.join(", ", words.keySet())));
      }
      return StandIns.of(key.type());
    }
    for (String second : present.subList(1, present.size())) {
      at.at(second)
          .error(
              mapping.entries().get(second).key(),
              "a second " + key.name() + " beside " + present.get(0) + Binder.expected("one"));
    }
    String word = present.get(0);
    return bind(Shape.of(words.get(word)), mapping.entries().get(word).value(), at.at(word));
  }

  private void alternatives(Shape shape, List<Object> values, Problems at) {
    if (shape.alternatives()) {
      long present =
          values.stream().filter(v -> v instanceof Optional<?> o && o.isPresent()).count();
      if (present != 1) {
        List<String> names = shape.keys().stream().map(Shape.Key::name).toList();
        binder.fail(
            at,
            (present == 0 ? "nothing" : "more than one")
                + Binder.expected("exactly one of " + String.join(", ", names)));
      }
    }
  }
}
