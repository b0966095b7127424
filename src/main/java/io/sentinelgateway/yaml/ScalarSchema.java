package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Secret;
import io.sentinelgateway.schema.Syntax;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** The schema of one word: its type and pattern, or a text that the environment fills in. */
final class ScalarSchema {

  private static final String REFERENCE = "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}";

  private ScalarSchema() {}

  /** A text with at least one variable. */
  static JsonObject environment() {
    return new JsonObject()
        .put("description", "${NAME} or ${NAME:-default}: read from the environment.")
        .put("type", "string")
        .put("pattern", REFERENCE);
  }

  static JsonObject of(Class<?> type) {
    if (type == String.class) {
      return typed("string");
    }
    JsonObject schema = own(type);
    return schema.containsKey("pattern") || !"string".equals(schema.getString("type"))
        ? JsonSchema.anyOf(schema, new JsonObject().put("$ref", "#/$defs/environment"))
        : schema;
  }

  private static JsonObject own(Class<?> type) {
    if (type == Secret.class) {
      return typed("string").put("minLength", 1);
    }
    if (type == Duration.class) {
      return typed("string").put("pattern", Durations.PATTERN);
    }
    if (type.isEnum()) {
      return new JsonObject().put("enum", new JsonArray(ScalarTypes.words(type)));
    }
    return switch (ScalarTypes.expected(type)) {
      case "a whole number" -> typed("integer");
      case "a number" -> typed("number");
      case "true or false" -> typed("boolean");
      default -> parsed(type);
    };
  }

  private static JsonObject parsed(Class<?> type) {
    Syntax syntax = type.getAnnotation(Syntax.class);
    if (syntax == null) {
      return typed("string");
    }
    return new JsonObject()
        .put("type", syntax.number() ? new JsonArray().add("string").add("integer") : "string")
        .put("pattern", syntax.pattern());
  }

  private static JsonObject typed(String type) {
    return new JsonObject().put("type", type);
  }

  /** Puts a range on every number in a schema, also within a list; units have no range there. */
  static void limit(JsonObject schema, Range range) {
    String type = schema.getValue("type") instanceof String text ? text : "";
    if (type.equals("integer") || type.equals("number")) {
      put(schema, "minimum", range.min());
      put(schema, "maximum", range.max());
    }
    if (schema.containsKey("items")) {
      limit(schema.getJsonObject("items"), range);
    }
    JsonArray alternatives = schema.getJsonArray("anyOf", new JsonArray());
    for (int i = 0; i < alternatives.size(); i++) {
      limit(alternatives.getJsonObject(i), range);
    }
  }

  private static void put(JsonObject schema, String key, String bound) {
    if (!bound.isEmpty()) {
      schema.put(key, YamlJson.of(YamlJson.parseDefault(bound)));
    }
  }
}
