package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Position;
import java.util.List;
import java.util.Map;

/** One value of a source text, and where it stands. Immutable. */
sealed interface YamlNode {

  /** Where the value begins. */
  Position position();

  /** What stands here, as a message names it. */
  String describe();

  /** What a scalar is by the core schema of YAML 1.2. */
  enum ScalarKind {
    TEXT,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    /** Nothing was written, or {@code null}. */
    NOTHING,
    /** Came out of the environment, which knows no kinds: whatever the key takes. */
    SUBSTITUTED
  }

  /** A single word, number or text, as written. */
  record Scalar(Position position, String text, ScalarKind kind) implements YamlNode {

    private static final int SHOWN = 80;

    /** The same place with a text from the environment. */
    Scalar substituted(String other) {
      return new Scalar(position, other, ScalarKind.SUBSTITUTED);
    }

    @Override
    public String describe() {
      if (kind == ScalarKind.NOTHING) {
        return "nothing";
      }
      String line = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
      String shown = line.replaceAll("\\p{Cntrl}", "␣");
      boolean quoted = kind == ScalarKind.TEXT && YamlScalars.kind(text) != ScalarKind.TEXT;
      return quoted ? '"' + shown + '"' : shown;
    }
  }

  /** A list. */
  record Sequence(Position position, List<YamlNode> items) implements YamlNode {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /** Keys in the order of the file. */
  record Mapping(Position position, Map<String, Entry> entries) implements YamlNode {
    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /** The value of a key, and where the key stands. */
  record Entry(Position key, YamlNode value) {}

  /**
   * Where a JSON pointer (RFC 6901) leads: a scalar's own place, but the key of a mapping or list,
   * because that is what a reader looks for. A pointer to something absent leads to the nearest
   * enclosing place.
   */
  static Position locate(YamlNode root, String pointer) {
    YamlNode node = root;
    Position place = root.position();
    for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      if (node instanceof Mapping mapping) {
        Entry entry = mapping.entries().get(step.replace("~1", "/").replace("~0", "~"));
        if (entry == null) {
          return place;
        }
        node = entry.value();
        place = node instanceof Scalar && !empty(node) ? node.position() : entry.key();
      } else if (node instanceof Sequence sequence
          && step.matches("[0-9]{1,9}")
          && Integer.parseInt(step) < sequence.items().size()) {
        node = sequence.items().get(Integer.parseInt(step));
        place = node.position();
      } else {
        return place;
      }
    }
    return place;
  }

  private static boolean empty(YamlNode node) {
    return node instanceof Scalar scalar && scalar.kind() == ScalarKind.NOTHING;
  }
}
