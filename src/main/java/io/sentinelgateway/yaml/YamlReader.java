package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.SourceText;
import io.sentinelgateway.yaml.YamlNode.Entry;
import io.sentinelgateway.yaml.YamlNode.Mapping;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import io.sentinelgateway.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML (or JSON) document into nodes with positions. Confined to one thread; used once.
 *
 * <p>Built on parser events rather than on the library's own composer, whose recursion a deeply
 * nested document can turn into a stack overflow. A file is not trusted: its size, depth, and the
 * number of values after its aliases are expanded are bounded. Since an anchor is known only when
 * its node is complete, a node cannot contain itself.
 */
final class YamlReader {

  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 1_000_000;

  private final String file;
  private final Iterator<Event> events;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private long values;
  private int depth;

  /** A node that can be repeated, and how many values it holds. */
  private record Anchored(YamlNode node, long values) {}

  /** What is wrong with the text as YAML; nothing after it can be read. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Position position;

    Unreadable(Position position, String message) {
      super(message, null, false, false);
      this.position = position;
    }
  }

  private YamlReader(SourceText source) {
    file = source.name();
    LoadSettings settings =
        LoadSettings.builder().setLabel(file).setCodePointLimit(SourceText.MAX_CHARACTERS).build();
    events = new Parse(settings).parseString(source.text()).iterator();
  }

  /** The document, or nothing after a problem was added. */
  static Optional<YamlNode> read(SourceText source, Problems problems) {
    if (source.text().length() > SourceText.MAX_CHARACTERS) {
      problems.error(new Position(source.name(), 0, 0), SourceText.TOO_LARGE);
      return Optional.empty();
    }
    try {
      return Optional.of(new YamlReader(source).document(problems));
    } catch (Unreadable e) {
      problems.error(e.position, String.valueOf(e.getMessage()));
    } catch (MarkedYamlEngineException e) {
      problems.error(position(source.name(), e.getProblemMark()), "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.error(new Position(source.name(), 0, 0), "not YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private YamlNode document(Problems problems) {
    events.next();
    Event first = events.next();
    if (first.getEventId() == Event.ID.StreamEnd) {
      return new Mapping(new Position(file, 1, 1), Map.of());
    }
    Event start = events.next();
    YamlNode root = node(start, problems);
    if (root instanceof Scalar scalar && scalar.kind() == ScalarKind.NOTHING) {
      root = new Mapping(scalar.position(), Map.of());
    }
    events.next();
    Event after = events.next();
    if (after.getEventId() != Event.ID.StreamEnd) {
      throw new Unreadable(place(after), "a second document (expected: one document in a file)");
    }
    return root;
  }

  private YamlNode node(Event event, Problems at) {
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    if (++depth > MAX_DEPTH) {
      throw new Unreadable(place(event), "nested too deeply (expected: at most " + MAX_DEPTH + ")");
    }
    count(event, 1);
    refuseTag(event);
    long before = values;
    YamlNode node = value(event, at);
    ((NodeEvent) event)
        .getAnchor()
        .ifPresent(anchor -> anchors.put(anchor, new Anchored(node, values - before + 1)));
    depth--;
    return node;
  }

  private YamlNode value(Event event, Problems at) {
    return switch (event.getEventId()) {
      case MappingStart -> mapping(event, at);
      case SequenceStart -> sequence(event, at);
      default -> scalar((ScalarEvent) event);
    };
  }

  private Scalar scalar(ScalarEvent event) {
    ScalarKind kind = event.isPlain() ? YamlScalars.kind(event.getValue()) : ScalarKind.TEXT;
    return new Scalar(place(event), event.getValue(), kind);
  }

  private Sequence sequence(Event start, Problems at) {
    List<YamlNode> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, at.at(items.size())));
      event = events.next();
    }
    return new Sequence(place(start), List.copyOf(items));
  }

  private Mapping mapping(Event start, Problems at) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      Position place = place(event);
      if (!(node(event, at) instanceof Scalar key)) {
        throw new Unreadable(place, "a key that is not a word");
      }
      Problems deeper = at.at(key.text());
      Entry entry = new Entry(place, node(events.next(), deeper));
      Entry earlier = entries.putIfAbsent(key.text(), entry);
      if (earlier != null) {
        deeper.error(place, "stands twice (first at " + earlier.key() + ")");
      }
      event = events.next();
    }
    return new Mapping(place(start), entries);
  }

  private YamlNode alias(AliasEvent event) {
    Anchored anchored = anchors.get(event.getAlias());
    if (anchored == null) {
      throw new Unreadable(place(event), "*" + event.getAlias() + ": no such anchor before it");
    }
    count(event, anchored.values());
    return anchored.node();
  }

  private void count(Event event, long more) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Unreadable(place(event), "too many values (expected: at most " + MAX_VALUES + ")");
    }
  }

  private void refuseTag(Event event) {
    Optional<String> tag = Optional.empty();
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof MappingStartEvent mapping) {
      tag = mapping.getTag();
    } else if (event instanceof SequenceStartEvent sequence) {
      tag = sequence.getTag();
    }
    if (tag.isPresent()) {
      throw new Unreadable(place(event), "a tag, " + tag.get() + " (expected: none)");
    }
  }

  private Position place(Event event) {
    return position(file, event.getStartMark());
  }

  private static Position position(String file, Optional<Mark> mark) {
    return mark.map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
        .orElse(new Position(file, 0, 0));
  }
}
