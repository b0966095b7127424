package io.sentinelgateway.yaml;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The JSON Schema (2020-12) of the configuration, made from the records that the reader fills and
 * the kinds it knows: editors complete and judge a file by it. It accepts whatever the reader
 * accepts; what it cannot say, such as references between ids, only the reader refuses. Confined to
 * one thread.
 */
public final class JsonSchema {

  /** Where the schema of this version is found by its name. */
  public static final String ID = "https://sentinelgateway.io/schema/v1.json";

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private final KindTable kinds;
  private final Map<String, JsonObject> definitions = new TreeMap<>();

  private JsonSchema(List<? extends Kind<?, ?, ?>> kinds) {
    this.kinds = new KindTable(kinds);
  }

  /** The whole schema for these kinds. */
  public static JsonObject of(List<? extends Kind<?, ?, ?>> kinds) {
    JsonSchema schema = new JsonSchema(kinds);
    JsonObject root =
        new JsonObject()
            .put("$schema", DIALECT)
            .put("$id", ID)
            .put("title", "Sentinel Gateway")
            .mergeIn(schema.mapping(Shape.of(GatewayConfig.class)));
    schema.definitions.put("environment", ScalarSchema.environment());
    JsonObject definitions = new JsonObject();
    schema.definitions.forEach(definitions::put);
    return root.put("$defs", definitions);
  }

  private JsonObject value(Type type, boolean ids) {
    Class<?> raw = Shape.raw(type);
    if (raw == List.class) {
      return list(Shape.argument(type, 0));
    }
    if (raw == Map.class) {
      JsonObject names = new JsonObject().put("minLength", 1).put("maxLength", Binder.MAX_NAME);
      return new JsonObject()
          .put("type", "object")
          .put(
              "propertyNames", ids ? new JsonObject().put("pattern", "^" + Binder.ID + "$") : names)
          .put("additionalProperties", value(Shape.argument(type, 1), false));
    }
    if (ScalarTypes.scalar(raw)) {
      return ScalarSchema.of(raw);
    }
    if (raw.isSealed()) {
      return sealed(raw);
    }
    return raw.isInterface() ? choice(raw) : reference(raw);
  }

  /** A single scalar may stand for a list of one. */
  private JsonObject list(Type item) {
    JsonObject items = value(item, false);
    JsonObject array = new JsonObject().put("type", "array").put("items", items);
    return ScalarTypes.scalar(Shape.raw(item)) ? anyOf(array, items.copy()) : array;
  }

  private JsonObject sealed(Class<?> type) {
    JsonArray alternatives = new JsonArray();
    for (Class<?> alternative : type.getPermittedSubclasses()) {
      alternatives.add(value(Shape.of(alternative).keys().get(0).type(), false));
    }
    return new JsonObject().put("anyOf", alternatives);
  }

  /** One of the kinds, by its {@code type}. */
  private JsonObject choice(Class<?> settings) {
    return define(
        Shape.kebab(settings.getSimpleName()),
        () -> {
          JsonArray alternatives = new JsonArray();
          kinds
              .of(settings)
              .forEach((word, record) -> alternatives.add(kind(word, Shape.of(record))));
          return new JsonObject()
              .put("type", "object")
              .put("required", new JsonArray().add("type"))
              .put("oneOf", alternatives);
        });
  }

  private JsonObject kind(String word, Shape shape) {
    JsonObject mapping = mapping(shape);
    JsonObject keys = new JsonObject().put("type", new JsonObject().put("const", word));
    keys.mergeIn(mapping.getJsonObject("properties"));
    JsonArray required = new JsonArray().add("type");
    mapping.getJsonArray("required", new JsonArray()).forEach(required::add);
    return mapping.put("properties", keys).put("required", required);
  }

  private JsonObject reference(Class<?> record) {
    Shape shape = Shape.of(record);
    return define(
        name(record),
        () -> {
          JsonObject mapping = mapping(shape);
          JsonArray forms = new JsonArray();
          for (Shape.Key key : shape.keys()) {
            key.shorthand()
                .ifPresent(
                    word ->
                        forms.add(
                            word.isEmpty()
                                ? value(key.type(), false)
                                : new JsonObject().put("const", word)));
          }
          return forms.isEmpty() ? mapping : new JsonObject().put("anyOf", forms.add(mapping));
        });
  }

  private JsonObject define(String name, Supplier<JsonObject> schema) {
    if (!definitions.containsKey(name)) {
      // A placeholder first: a record may hold itself.
      definitions.put(name, new JsonObject());
      definitions.put(name, schema.get());
    }
    return new JsonObject().put("$ref", "#/$defs/" + name);
  }

  private static String name(Class<?> record) {
    String binary = record.getName();
    return Shape.kebab(binary.substring(binary.lastIndexOf('.') + 1)).replace('$', '.');
  }

  private JsonObject mapping(Shape shape) {
    JsonObject keys = new JsonObject();
    JsonArray required = new JsonArray();
    JsonObject mapping = new JsonObject();
    Optional.ofNullable(shape.type().getAnnotation(Doc.class))
        .ifPresent(doc -> mapping.put("description", doc.value()));
    mapping.put("type", "object").put("properties", keys).put("additionalProperties", false);
    for (Shape.Key key : shape.keys()) {
      if (key.discriminated()) {
        mapping.put("oneOf", words(key, keys));
      } else {
        keys.put(key.name(), described(key));
        if (key.required()) {
          required.add(key.name());
        }
      }
    }
    if (!required.isEmpty()) {
      mapping.put("required", required);
    }
    return shape.alternatives() ? mapping.put("minProperties", 1).put("maxProperties", 1) : mapping;
  }

  /** Exactly one of the kinds' words is a key. */
  private JsonArray words(Shape.Key key, JsonObject keys) {
    JsonArray alternatives = new JsonArray();
    kinds
        .of(Shape.raw(key.type()))
        .forEach(
            (word, record) -> {
              keys.put(word, reference(record));
              alternatives.add(new JsonObject().put("required", new JsonArray().add(word)));
            });
    return alternatives;
  }

  private JsonObject described(Shape.Key key) {
    JsonObject schema = new JsonObject();
    key.doc().ifPresent(doc -> schema.put("description", text(key, doc)));
    key.defaultText()
        .ifPresent(text -> schema.put("default", YamlJson.of(YamlJson.parseDefault(text))));
    key.doc()
        .map(Doc::example)
        .filter(example -> !example.isEmpty())
        .ifPresent(
            example ->
                schema.put(
                    "examples", new JsonArray().add(YamlJson.of(YamlJson.parseDefault(example)))));
    JsonObject value = value(key.type(), key.ids());
    key.range().ifPresent(range -> ScalarSchema.limit(value, range));
    return schema.mergeIn(value);
  }

  /** What a schema cannot say of a duration or size, its description does. */
  private static String text(Shape.Key key, Doc doc) {
    return doc.value() + key.range().map(range -> " (" + Ranges.text(range) + ")").orElse("");
  }

  static JsonObject anyOf(JsonObject... schemas) {
    return new JsonObject().put("anyOf", new JsonArray(List.of(schemas)));
  }
}
