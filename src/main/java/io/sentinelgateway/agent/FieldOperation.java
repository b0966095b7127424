package io.sentinelgateway.agent;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A change of one field that an agent wants. Immutable.
 *
 * @param name a field name (RFC 9110 section 5.1), none of those that belong to the gateway
 * @param value without line ends; empty for a removal
 */
public record FieldOperation(Action action, String name, String value) {

  /** What is done to the field. */
  public enum Action {
    SET,
    ADD,
    REMOVE
  }

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VALUE = 64 << 10;

  /** Of one connection or of framing: whoever could write them could smuggle requests. */
  private static final Set<String> REFUSED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "upgrade",
          "te",
          "trailer",
          "transfer-encoding",
          "content-length",
          "host");

  /**
   * @throws IllegalArgumentException with a message for the log
   */
  public FieldOperation {
    if (!token(name)) {
      throw new IllegalArgumentException("no field name: " + printable(name));
    }
    if (REFUSED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("the field " + name + ", which the gateway writes");
    }
    if (!content(value)) {
      throw new IllegalArgumentException("no value of a field: " + name);
    }
  }

  private static boolean token(String name) {
    boolean good = !name.isEmpty() && name.length() <= LONGEST_NAME;
    for (int i = 0; good && i < name.length(); i++) {
      char c = name.charAt(i);
      good = (c < 0x80 && Character.isLetterOrDigit(c)) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
    return good;
  }

  private static boolean content(String value) {
    boolean good = value.length() <= LONGEST_VALUE;
    for (int i = 0; good && i < value.length(); i++) {
      char c = value.charAt(i);
      good = c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff);
    }
    return good;
  }

  private static String printable(String name) {
    String start = name.length() <= 40 ? name : name.substring(0, 40);
    return start.replaceAll("[^!-~]", "?");
  }

  /** Carries them out, in order. */
  public static void apply(List<FieldOperation> operations, MultiMap fields) {
    for (int i = 0; i < operations.size(); i++) {
      FieldOperation operation = operations.get(i);
      switch (operation.action) {
        case SET -> fields.set(operation.name, operation.value);
        case ADD -> fields.add(operation.name, operation.value);
        case REMOVE -> fields.remove(operation.name);
      }
    }
  }
}
