package io.sentinelgateway.yaml;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.config.FilterRef;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Kind;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The reference page of all keys in Markdown, made from the records that the reader fills and the
 * kinds it knows. Confined to one thread.
 */
public final class ReferencePage {

  private static final String HEAD =
      """
      # Configuration reference

      Made from the code; a test fails when it is stale. One YAML (or JSON) file, or a directory of
      `*.yaml`, `*.yml` and `*.json` files that are merged by id. Unknown keys are errors.

      A key without a default is required unless it is marked optional. Where a list of single
      values is expected, one value may stand without brackets. `${NAME}` and `${NAME:-default}` in
      a value read the environment; `$${` is a plain `${`. A secret written `file:/path` is read
      from that file.

      | type | form |
      |---|---|
      | duration | a whole number and a unit: `500ms`, `30s`, `5m`, `1h`, `2d` |
      | size | a whole number and a binary unit: `512B`, `32KiB`, `1MiB`, `2GiB` |
      | percentage | `20%`, `0.5%` |
      | address | `host:port`, `[v6]:port`, `:port` (all interfaces), `unix:/path` |
      | address block | `10.0.0.0/8`, `fd00::/8`, or one address |
      | id | 1–64 letters, digits, `.`, `_`, `-`; first a letter or digit |

      ## Keys
      """;

  private final KindTable kinds;
  private final Map<Class<?>, String> titles = new HashMap<>();
  private final Deque<Section> waiting = new ArrayDeque<>();
  private final StringBuilder page = new StringBuilder(HEAD);

  /**
   * A heading and the record below it.
   *
   * @param title unique on the page
   * @param path what the titles of nested sections begin with
   */
  private record Section(String title, String path, Shape shape) {}

  private ReferencePage(List<? extends Kind<?, ?, ?>> kinds) {
    this.kinds = new KindTable(kinds);
  }

  /** The page for these kinds. */
  public static String of(List<? extends Kind<?, ?, ?>> kinds) {
    ReferencePage page = new ReferencePage(kinds);
    page.add(new Section("Top level", "", Shape.of(GatewayConfig.class)));
    page.writeWaiting();
    page.choices(
        HandlerSettings.class, "Handlers", "Exactly one of these is a key of every route.");
    page.choices(FilterSettings.class, "Filters", "`type` says which one it is.");
    page.choices(BalancerSettings.class, "Balancers", "`type` says which one it is.");
    page.choices(DiscoverySettings.class, "Target sources", "`type` says which one it is.");
    return page.page.toString();
  }

  private void choices(Class<?> settings, String title, String text) {
    page.append("\n## ").append(title).append("\n\n").append(text).append('\n');
    String noun = title.substring(0, title.length() - 1);
    kinds
        .of(settings)
        .forEach(
            (word, record) ->
                add(
                    new Section(
                        noun + " `" + word + "`", noun + " `" + word + "`: ", Shape.of(record))));
    writeWaiting();
  }

  private void add(Section section) {
    if (titles.putIfAbsent(section.shape().type(), section.title()) == null) {
      waiting.add(section);
    }
  }

  private void writeWaiting() {
    while (!waiting.isEmpty()) {
      write(waiting.remove());
    }
  }

  private void write(Section section) {
    page.append("\n### ").append(section.title()).append("\n\n");
    Optional.ofNullable(section.shape().type().getAnnotation(Doc.class))
        .ifPresent(doc -> page.append(doc.value()).append("\n\n"));
    if (section.shape().alternatives()) {
      page.append("Exactly one of these keys.\n\n");
    }
    if (section.shape().keys().isEmpty()) {
      page.append("No keys.\n");
      return;
    }
    page.append("| key | meaning | type | default |\n|---|---|---|---|\n");
    for (Shape.Key key : section.shape().keys()) {
      row(section, key);
    }
  }

  private void row(Section section, Shape.Key key) {
    String name = key.discriminated() ? "*" + key.name() + "*" : code(key.name());
    String standard =
        key.optional()
            ? "optional"
            : key.defaultText().map(ReferencePage::shown).orElse("required");
    page.append("| ").append(name);
    page.append(" | ").append(meaning(key));
    page.append(" | ").append(type(section, key));
    page.append(" | ").append(standard).append(" |\n");
  }

  private static String shown(String text) {
    return text.isEmpty() ? "empty" : code(text);
  }

  private static String meaning(Shape.Key key) {
    StringBuilder text = new StringBuilder(key.doc().map(Doc::value).orElse(""));
    key.range().ifPresent(range -> text.append(" Range: ").append(Ranges.text(range)).append('.'));
    key.doc()
        .map(Doc::example)
        .filter(example -> !example.isEmpty())
        .ifPresent(example -> text.append(" Example: ").append(code(example)).append('.'));
    return text.toString().replace("|", "\\|");
  }

  private String type(Section section, Shape.Key key) {
    if (key.discriminated()) {
      return "one of the [handlers](#handlers)";
    }
    return type(key.type(), key.ids(), section.path() + key.name() + ".");
  }

  private String type(Type type, boolean ids, String path) {
    Class<?> raw = Shape.raw(type);
    if (raw == List.class) {
      return "list of " + type(Shape.argument(type, 0), false, path);
    }
    if (raw == Map.class) {
      String key = ids ? "id" : "name";
      return key + " → " + type(Shape.argument(type, 1), false, path + "<" + key + ">.");
    }
    if (ScalarTypes.scalar(raw)) {
      return word(raw);
    }
    if (raw == FilterRef.class) {
      return "id, or [filter](#filters)";
    }
    if (raw.isInterface()) {
      String noun = raw.getSimpleName().replace("Settings", "").toLowerCase(Locale.ROOT);
      return "[" + noun + "](#" + noun + "s)";
    }
    return record(raw, path.substring(0, path.length() - 1));
  }

  private String record(Class<?> record, String path) {
    String title = path.contains("`") ? path : code(path);
    add(new Section(title, path + ".", Shape.of(record)));
    String shown = titles.getOrDefault(record, title);
    return "[" + code(shown.replace("`", "")) + "](#" + anchor(shown) + ")";
  }

  private static String word(Class<?> type) {
    if (type.isEnum()) {
      return String.join(", ", ScalarTypes.words(type).stream().map(ReferencePage::code).toList());
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long" -> "whole number";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "`true`, `false`";
      case "String" -> "text";
      case "ByteSize" -> "size";
      case "Percent" -> "percentage";
      case "Cidr" -> "address block";
      case "IpAddress" -> "IP address";
      case "Duration", "Secret", "Address" -> type.getSimpleName().toLowerCase(Locale.ROOT);
      default -> ScalarTypes.expected(type);
    };
  }

  /** How the usual renderers name a heading. */
  private static String anchor(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }

  private static String code(String text) {
    return '`' + text.replace("|", "\\|") + '`';
  }
}
