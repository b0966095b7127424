package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Template;
import io.sentinelgateway.schema.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value of a field in the configuration: a template, or {@code file:/path}, whose content is
 * sent as it is and never printed. Immutable; any thread.
 */
public final class FieldValue {

  private static final String FILE = "file:";

  private final @Nullable Template template;
  private final Secret secret;

  private FieldValue(@Nullable Template template, Secret secret) {
    this.template = template;
    this.secret = secret;
  }

  /**
   * Blocks while it reads the file; for the configuration's reader only.
   *
   * @throws IllegalArgumentException when the template is wrong, the file cannot be read, or it
   *     holds a character that no field value may have (RFC 9110 section 5.5)
   */
  public static FieldValue parse(String text) {
    if (text.startsWith(FILE)) {
      return new FieldValue(null, read(text));
    }
    Template template = Template.parse(text);
    if (!template.literals().stream().allMatch(FieldValue::valid)) {
      throw new IllegalArgumentException(
          "a control character (expected: a field value, visible characters and spaces)");
    }
    return new FieldValue(template, new Secret(""));
  }

  private static Secret read(String text) {
    Secret secret = Secret.parse(text);
    if (!valid(secret.reveal())) {
      throw new IllegalArgumentException(
          text + " (expected: one line of visible characters and spaces)");
    }
    return secret;
  }

  private static boolean valid(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c < 256));
  }

  /** The value for one exchange; no character in it can end the field line. */
  public String render(Exchange exchange) {
    return template == null ? secret.reveal() : template.render(exchange);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldValue value
        && Objects.equals(value.template, template)
        && value.secret.equals(secret);
  }

  @Override
  public int hashCode() {
    return Objects.hash(template, secret);
  }

  /** The template; a mask for what came from a file. */
  @Override
  public String toString() {
    return template == null ? Secret.MASK : template.toString();
  }
}
