package io.sentinelgateway.http;

import io.vertx.core.MultiMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway must ask of a request's method and fields before it may forward them (RFC 9110
 * sections 5, 7.2, 10.1.1; RFC 9112 sections 3.2 and 6). Pure; any thread.
 *
 * <p>Stricter than the RFC where a difference between two readers could smuggle a request: two
 * equal Content-Length lines, a transfer coding beside {@code chunked}, and Content-Length together
 * with Transfer-Encoding are refused, never repaired.
 */
public final class RequestRules {

  private static final Violation METHOD = Violation.malformed("method (expected: a token)");

  private RequestRules() {}

  /**
   * Judges an HTTP/1 request.
   *
   * @param http11 false for HTTP/1.0, where Host may be missing, Transfer-Encoding is refused and
   *     Expect is ignored
   * @param maxFields most field lines allowed
   */
  public static Violation http1(String method, boolean http11, MultiMap fields, int maxFields) {
    if (!token(method)) {
      return METHOD;
    }
    FieldScan scan = new FieldScan(http11 ? FieldScan.HTTP_1_1 : FieldScan.HTTP_1_0, maxFields);
    FieldLines.each(fields, scan);
    return scan.result();
  }

  /**
   * Judges an HTTP/2 request: field names in lower case, no connection-specific field, no TE but
   * {@code trailers}, at most one Host (RFC 9113 sections 8.2 and 8.3).
   */
  public static Violation http2(String method, MultiMap fields, int maxFields) {
    if (!token(method)) {
      return METHOD;
    }
    FieldScan scan = new FieldScan(FieldScan.HTTP_2, maxFields);
    FieldLines.each(fields, scan);
    return scan.result();
  }

  /**
   * The authority a request is for: that of an absolute-form target, whatever Host says (RFC 9112
   * section 3.2.2), or Host. Empty when it is malformed or missing.
   *
   * @param host value of Host; {@code null} when there is none
   */
  public static Optional<Authority> authority(RequestTarget target, @Nullable String host) {
    Optional<Authority> stated = host == null ? Optional.empty() : Authority.parse(host);
    Authority absolute = target.authority();
    // A Host that cannot be read refuses the request even where it would not be used.
    return absolute == null || (host != null && stated.isEmpty()) ? stated : Optional.of(absolute);
  }

  /** True for a token of RFC 9110 section 5.6.2: methods and field names. */
  public static boolean token(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Characters.token(text.charAt(i))) {
        return false;
      }
    }
    return text.length() > 0;
  }

  /** True when a value may stand in a field line: no CR, LF, NUL or other control but tab. */
  public static boolean fieldValue(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      if (!Characters.fieldValue(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
