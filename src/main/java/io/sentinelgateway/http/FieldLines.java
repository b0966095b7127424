package io.sentinelgateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Walks over field lines without making strings of them where the codec kept octets. */
final class FieldLines {

  private FieldLines() {}

  /** What is done with each field line. */
  @FunctionalInterface
  interface Visitor {
    /** Looks at one line; false ends the walk. */
    boolean line(CharSequence name, CharSequence value);
  }

  static void each(MultiMap fields, Visitor visitor) {
    // The fields of HTTP/1 are Netty's own class too; only that side gives the raw sequences.
    if (fields instanceof HttpHeaders lines) {
      Iterator<Map.Entry<CharSequence, CharSequence>> all = lines.iteratorCharSequence();
      while (all.hasNext()) {
        Map.Entry<CharSequence, CharSequence> line = all.next();
        if (!visitor.line(line.getKey(), line.getValue())) {
          return;
        }
      }
      return;
    }
    for (Map.Entry<String, String> line : fields) {
      if (!visitor.line(line.getKey(), line.getValue())) {
        return;
      }
    }
  }

  /** Removes every line whose name it is true of; there usually are none or few. */
  static void removeIf(MultiMap fields, Predicate<CharSequence> leaves) {
    List<CharSequence> names = new ArrayList<>(0);
    each(
        fields,
        (name, value) -> {
          if (leaves.test(name)) {
            names.add(name);
          }
          return true;
        });
    for (int i = 0; i < names.size(); i++) {
      fields.remove(names.get(i));
    }
  }

  /** Compares a field name with a word in lower case. */
  static boolean named(CharSequence name, String lower) {
    if (name.length() != lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      if (Characters.lower(name.charAt(i)) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
