package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** YAML as JSON, for the schema, which knows nothing else. */
final class YamlJson {

  private static final Position NOWHERE = new Position("default", 0, 0);

  private YamlJson() {}

  /** A mapping, list, text, number or truth value; null where nothing was written. */
  static @Nullable Object of(YamlNode node) {
    if (node instanceof Mapping mapping) {
      JsonObject object = new JsonObject();
      mapping.entries().forEach((key, entry) -> object.put(key, of(entry.value())));
      return object;
    }
    if (node instanceof Sequence sequence) {
      JsonArray array = new JsonArray();
      sequence.items().forEach(item -> array.add(of(item)));
      return array;
    }
    return scalar((Scalar) node);
  }

  private static @Nullable Object scalar(Scalar scalar) {
    return switch (scalar.kind()) {
      case NOTHING -> null;
      case BOOLEAN -> scalar.text().equalsIgnoreCase("true");
      case INTEGER -> integer(scalar.text());
      case DECIMAL ->
          scalar.text().matches("[^inf]+") ? Double.valueOf(scalar.text()) : scalar.text();
      case TEXT, SUBSTITUTED -> scalar.text();
    };
  }

  private static Object integer(String text) {
    try {
      return Long.decode(text.replaceFirst("^0o", "0").replaceFirst("^([-+]?)0+(?=[1-9])", "$1"));
    } catch (NumberFormatException e) {
      return Double.valueOf(text);
    }
  }

  /** The node that the text of a {@link Default} is. */
  static YamlNode parseDefault(String text) {
    if (text.isEmpty()) {
      return new Scalar(NOWHERE, "", YamlNode.ScalarKind.TEXT);
    }
    Problems problems = new Problems(pointer -> NOWHERE);
    return YamlReader.read(new SourceText("default", text), problems)
        .filter(node -> !problems.invalid())
        .orElseThrow(() -> new IllegalStateException("default " + text + problems.list()));
  }
}
