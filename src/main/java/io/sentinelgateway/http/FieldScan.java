package io.sentinelgateway.http;

/** One walk over the field lines of one request, keeping the first rule that is broken. */
final class FieldScan implements FieldLines.Visitor {

  static final int HTTP_1_0 = 10;
  static final int HTTP_1_1 = 11;
  static final int HTTP_2 = 20;

  private static final Violation TOO_MANY =
      new Violation(Violation.Kind.TOO_MANY_FIELDS, "fields: too many lines");
  private static final Violation NAME = Violation.malformed("field name (expected: a token)");
  private static final Violation UPPER = Violation.malformed("field name (expected: lower case)");
  private static final Violation VALUE =
      Violation.malformed("field value (expected: no control characters)");
  private static final Violation NO_HOST = Violation.malformed("Host: missing");
  private static final Violation HOSTS = Violation.malformed("Host: more than one");
  private static final Violation LENGTH =
      Violation.malformed("Content-Length (expected: one decimal number)");
  private static final Violation LENGTHS = Violation.malformed("Content-Length: more than one");
  private static final Violation CODING =
      Violation.malformed("Transfer-Encoding (expected: chunked, once, in HTTP/1.1)");
  private static final Violation BOTH =
      Violation.malformed("Content-Length and Transfer-Encoding together");
  private static final Violation CONNECTION_SPECIFIC =
      Violation.malformed("a connection-specific field in HTTP/2");
  private static final Violation EXPECT =
      new Violation(Violation.Kind.EXPECTATION, "Expect (expected: 100-continue)");

  /** Digits that always fit a long. */
  private static final int MAX_DIGITS = 18;

  private final int version;
  private final int maxFields;
  private int lines;
  private boolean host;
  private boolean length;
  private boolean coding;
  private Violation found = Violation.NONE;

  FieldScan(int version, int maxFields) {
    this.version = version;
    this.maxFields = maxFields;
  }

  Violation result() {
    if (!found.none()) {
      return found;
    }
    if (!host && version == HTTP_1_1) {
      return NO_HOST;
    }
    return length && coding ? BOTH : Violation.NONE;
  }

  @Override
  public boolean line(CharSequence name, CharSequence value) {
    found = judge(name, value);
    return found.none();
  }

  private Violation judge(CharSequence name, CharSequence value) {
    if (++lines > maxFields) {
      return TOO_MANY;
    }
    if (!RequestRules.token(name)) {
      return NAME;
    }
    if (!RequestRules.fieldValue(value)) {
      return VALUE;
    }
    if (version == HTTP_2) {
      Violation violation = http2(name, value);
      if (!violation.none()) {
        return violation;
      }
    }
    return switch (name.length()) {
      case 4 -> FieldLines.named(name, "host") ? host() : Violation.NONE;
      case 6 -> FieldLines.named(name, "expect") ? expect(value) : Violation.NONE;
      case 14 -> FieldLines.named(name, "content-length") ? length(value) : Violation.NONE;
      case 17 -> FieldLines.named(name, "transfer-encoding") ? coding(value) : Violation.NONE;
      default -> Violation.NONE;
    };
  }

  private Violation host() {
    if (host) {
      return HOSTS;
    }
    host = true;
    return Violation.NONE;
  }

  private Violation expect(CharSequence value) {
    // A server must ignore 100-continue, and knows nothing else, in HTTP/1.0.
    return version == HTTP_1_0 || FieldLines.named(value, "100-continue") ? Violation.NONE : EXPECT;
  }

  private Violation length(CharSequence value) {
    if (length) {
      return LENGTHS;
    }
    length = true;
    int digits = value.length();
    if (digits == 0 || digits > MAX_DIGITS) {
      return LENGTH;
    }
    for (int i = 0; i < digits; i++) {
      if (!Characters.digit(value.charAt(i))) {
        return LENGTH;
      }
    }
    return Violation.NONE;
  }

  private Violation coding(CharSequence value) {
    if (coding || version != HTTP_1_1 || !FieldLines.named(value, "chunked")) {
      return CODING;
    }
    coding = true;
    return Violation.NONE;
  }

  private static Violation http2(CharSequence name, CharSequence value) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != Characters.lower(c)) {
        return UPPER;
      }
    }
    if (FieldLines.named(name, "te")) {
      return HopByHop.acceptsTrailers(value) ? Violation.NONE : CONNECTION_SPECIFIC;
    }
    return HopByHop.connectionSpecific(name) ? CONNECTION_SPECIFIC : Violation.NONE;
  }
}
