package io.sentinelgateway.yaml;

import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import java.util.regex.Pattern;

/** Tells the kinds of plain scalars apart, by the core schema of YAML 1.2. */
final class YamlScalars {

  private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.inf|\\.nan");

  private YamlScalars() {}

  /** The kind of a scalar that stands without quotes. */
  static ScalarKind kind(String plain) {
    return switch (plain) {
      case "", "~", "null", "Null", "NULL" -> ScalarKind.NOTHING;
      case "true", "True", "TRUE", "false", "False", "FALSE" -> ScalarKind.BOOLEAN;
      default -> number(plain);
    };
  }

  private static ScalarKind number(String plain) {
    if (INTEGER.matcher(plain).matches()) {
      return ScalarKind.INTEGER;
    }
    return DECIMAL.matcher(plain).matches() ? ScalarKind.DECIMAL : ScalarKind.TEXT;
  }
}
