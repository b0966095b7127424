package io.sentinelgateway.yaml;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problems;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes a configuration as YAML that the reader takes: reading it again gives an equal one, but
 * for secrets, which are masked. Immutable; any thread.
 */
public final class ConfigWriter {

  private final KindTable kinds;
  private final boolean onlyChanged;

  /**
   * @param kinds every filter, handler and balancer that a configuration may name
   * @param onlyChanged leave out keys that have their default value
   */
  public ConfigWriter(List<? extends Kind<?, ?, ?>> kinds, boolean onlyChanged) {
    this.kinds = new KindTable(kinds);
    this.onlyChanged = onlyChanged;
  }

  public String write(GatewayConfig config) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setIndent(2)
            .build();
    return new Dump(settings).dumpToString(mapping(config));
  }

  private Map<String, Object> mapping(Object record) {
    Map<String, Object> keys = new LinkedHashMap<>();
    for (Shape.Key key : Shape.of(record.getClass()).keys()) {
      Object value = key.read(record);
      if (key.optional()) {
        ((Optional<?>) value).ifPresent(v -> keys.put(key.name(), value(key.type(), v)));
      } else if (key.discriminated()) {
        keys.put(word(key.type(), value), mapping(value));
      } else if (!onlyChanged || !isDefault(key, value)) {
        keys.put(key.name(), value(key.type(), value));
      }
    }
    return keys;
  }

  private boolean isDefault(Shape.Key key, Object value) {
    return key.defaultText().filter(text -> value.equals(defaultValue(key, text))).isPresent();
  }

  private Object defaultValue(Shape.Key key, String text) {
    Problems problems = new Problems(pointer -> new Position("default", 0, 0));
    Substitution none = new Substitution(name -> Optional.empty());
    return new Binder(kinds, none)
        .bind(key.type(), YamlJson.parseDefault(text), problems)
        .filter(value -> !problems.invalid())
        .orElseThrow(() -> new IllegalStateException("default " + text + problems.list()));
  }

  private Object value(Type type, Object value) {
    Class<?> raw = Shape.raw(type);
    if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(value(Shape.argument(type, 0), item)));
      return items;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((name, item) -> entries.put(name, value(Shape.argument(type, 1), item)));
      return entries;
    }
    if (ScalarTypes.scalar(raw)) {
      return scalar(value);
    }
    if (raw.isSealed()) {
      Shape.Key only = Shape.of(value.getClass()).keys().get(0);
      return value(only.type(), only.read(value));
    }
    return raw.isInterface() ? choice(raw, value) : mapping(value);
  }

  private Map<String, Object> choice(Class<?> settings, Object value) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("type", word(settings, value));
    keys.putAll(mapping(value));
    return keys;
  }

  private String word(Type settings, Object value) {
    return kinds
        .wordOf(Shape.raw(settings), value)
        .orElseThrow(
            () -> new IllegalArgumentException("settings of no kind: " + value.getClass()));
  }

  private static Object scalar(Object value) {
    if (value instanceof Number || value instanceof Boolean) {
      return value;
    }
    // What looks like a variable must come back as it is.
    return ScalarPrinter.print(value).replace("${", "$${");
  }
}
