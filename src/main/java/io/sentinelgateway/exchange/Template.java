package io.sentinelgateway.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * Text with placeholders such as <code>{request-id}</code> or <code>{header.User-Agent}</code>,
 * parsed once and rendered for each exchange. <code>{{</code> stands for one brace; a brace that no
 * letter follows stands for itself. Immutable, equal by its source; any thread.
 */
public final class Template {

  private final String source;
  private final String[] literals;
  private final Placeholder[] placeholders;

  private Template(String source, List<String> literals, List<Placeholder> placeholders) {
    this.source = source;
    this.literals = literals.toArray(String[]::new);
    this.placeholders = placeholders.toArray(Placeholder[]::new);
  }

  /**
   * @throws IllegalArgumentException when a placeholder is unknown or not closed
   */
  public static Template parse(String text) {
    List<String> literals = new ArrayList<>();
    List<Placeholder> placeholders = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      if (c == '{' && next == '{') {
        literal.append('{');
        at += 2;
      } else if (c == '{' && Character.isLetter(next)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new IllegalArgumentException(
              text.substring(at) + " (expected: a closing brace, or {{ for a brace)");
        }
        placeholders.add(Placeholder.named(text.substring(at + 1, end)));
        literals.add(literal.toString());
        literal.setLength(0);
        at = end + 1;
      } else {
        literal.append(c);
        at++;
      }
    }
    literals.add(literal.toString());
    return new Template(text, literals, placeholders);
  }

  /** True when it renders the same for every exchange; then rendering allocates nothing. */
  public boolean constant() {
    return placeholders.length == 0;
  }

  /** The text up to the first placeholder. */
  public String prefix() {
    return literals[0];
  }

  /** The word of the first placeholder, such as {@code path}; empty when there is none. */
  public String firstPlaceholder() {
    return constant() ? "" : placeholders[0].word();
  }

  /** The text around the placeholders, for checks of its syntax. */
  public List<String> literals() {
    return List.of(literals);
  }

  /** Renders a field value; no character in it can end the field line. */
  public String render(Exchange exchange) {
    return render(exchange, Escape.FIELD);
  }

  /** Renders with values made safe for their place; an unknown value is empty. */
  public String render(Exchange exchange, Escape escape) {
    if (placeholders.length == 0) {
      return literals[0];
    }
    StringBuilder out = new StringBuilder(source.length() + 64).append(literals[0]);
    for (int i = 0; i < placeholders.length; i++) {
      String value = placeholders[i].value(exchange);
      // The parts of the target are URI text already; encoding them again would change them.
      out.append(escape == Escape.URI && placeholders[i].uri() ? value : escape.apply(value));
      out.append(literals[i + 1]);
    }
    return out.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template template && template.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /** The source. */
  @Override
  public String toString() {
    return source;
  }
}
