package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds by the interface of their settings, such as all filters. Immutable. */
final class KindTable {

  private final List<Kind<?, ?, ?>> kinds;

  KindTable(List<? extends Kind<?, ?, ?>> kinds) {
    this.kinds = List.copyOf(kinds);
  }

  /** Settings records by word, in the order of the list. */
  Map<String, Class<?>> of(Class<?> settings) {
    Map<String, Class<?>> words = new LinkedHashMap<>();
    for (Kind<?, ?, ?> kind : kinds) {
      if (settings.isAssignableFrom(kind.settings())
          && words.putIfAbsent(kind.word(), kind.settings()) != null) {
        throw new IllegalArgumentException("two kinds of " + settings + ": " + kind.word());
      }
    }
    return words;
  }

  /** The word of the kind such settings belong to. */
  Optional<String> wordOf(Class<?> settings, Object value) {
    return of(settings).entrySet().stream()
        .filter(e -> e.getValue().isInstance(value))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
