package io.sentinelgateway.http;

/**
 * The rule a request breaks, or {@link #NONE}. Immutable; every one is a constant, so judging a
 * good request and refusing a bad one allocate nothing. The listener turns the kind into an error.
 *
 * @param kind which answer it deserves
 * @param detail for the log and the error body; never content of the request
 */
public record Violation(Kind kind, String detail) {

  /** No rule is broken. */
  public static final Violation NONE = new Violation(Kind.NONE, "");

  /** Which answer a broken rule deserves. */
  public enum Kind {
    /** No rule is broken. */
    NONE,
    /** 400. */
    MALFORMED,
    /** 431: too many field lines. */
    TOO_MANY_FIELDS,
    /** 417: an expectation that nobody here can meet (RFC 9110 section 10.1.1). */
    EXPECTATION,
    /** 501: a method that this gateway does not implement (CONNECT). */
    METHOD_NOT_IMPLEMENTED
  }

  static Violation malformed(String detail) {
    return new Violation(Kind.MALFORMED, detail);
  }

  /** True when no rule is broken. */
  public boolean none() {
    return kind == Kind.NONE;
  }
}
