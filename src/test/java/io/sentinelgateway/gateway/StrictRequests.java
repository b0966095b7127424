package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The strictest reading of RFC 9112 that a gateway may be measured by: whatever two readers could
 * read in two ways is an error here. Written for tests, apart from the gateway's own code, so that
 * a mistake must be made twice to stay unseen.
 */
final class StrictRequests {

  /** How a sequence of requests ends. */
  enum End {
    /** Behind a whole request. */
    CLEAN,
    /** Behind a request after which the connection closes. */
    CLOSES,
    /** Within a request. */
    INCOMPLETE,
    /** With something that is no request. */
    ERROR
  }

  /** One request; its content without coding. */
  record Request(String method, String target, String content) {}

  /** What was read, and how it ended. */
  record Reading(List<Request> requests, End end) {}

  /** RFC 9112 section 3 lets a server take several blanks for one; it sends one. */
  private static final Pattern REQUEST_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \\t]+([\\x21-\\x7e]+)[ \\t]+HTTP/1\\.([01])");

  private static final Pattern FIELD_LINE =
      Pattern.compile(
          "([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*"
              + "((?:[\\x21-\\x7e\\x80-\\xff](?:[\\t \\x21-\\x7e\\x80-\\xff]*"
              + "[\\x21-\\x7e\\x80-\\xff])?)?)[ \\t]*");
  private static final Pattern CHUNK =
      Pattern.compile("0*([0-9A-Fa-f]{1,7})(?:[ \\t]*;[\\t\\x20-\\x7e\\x80-\\xff]*)?");

  private final String text;
  private int at;

  private StrictRequests(String text) {
    this.text = text;
  }

  static Reading read(byte[] bytes) {
    StrictRequests reader = new StrictRequests(new String(bytes, ISO_8859_1));
    List<Request> requests = new ArrayList<>();
    try {
      while (reader.more()) {
        if (reader.request(requests)) {
          return new Reading(requests, End.CLOSES);
        }
      }
      return new Reading(requests, End.CLEAN);
    } catch (Malformed e) {
      return new Reading(requests, End.ERROR);
    } catch (Incomplete e) {
      return new Reading(requests, End.INCOMPLETE);
    }
  }

  /** Empty lines before a request are no part of it (RFC 9112 section 2.2). */
  private boolean more() {
    while (at < text.length() && "\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length();
  }

  /** Adds a request; true when the connection closes behind it. */
  private boolean request(List<Request> requests) throws Malformed, Incomplete {
    Matcher line = match(REQUEST_LINE);
    boolean http11 = line.group(3).equals("1");
    Fields fields = fields();
    if (fields.hosts > 1 || (http11 && fields.hosts == 0) || fields.malformed(http11)) {
      throw new Malformed();
    }
    String content = fields.codings > 0 ? chunks() : bytes(fields.length);
    requests.add(new Request(line.group(1), line.group(2), content));
    return http11 ? fields.close : !fields.keepAlive;
  }

  private Fields fields() throws Malformed, Incomplete {
    Fields fields = new Fields();
    while (!text.startsWith("\r\n", at)) {
      Matcher line = match(FIELD_LINE);
      fields.add(line.group(1).toLowerCase(Locale.ROOT), line.group(2));
    }
    at += 2;
    return fields;
  }

  private String chunks() throws Malformed, Incomplete {
    StringBuilder content = new StringBuilder();
    for (int size = chunk(); size > 0; size = chunk()) {
      content.append(bytes(size));
      expectLineEnd();
    }
    // Framing fields are none in a trailer section: whoever reads it must ignore them.
    fields();
    return content.toString();
  }

  private int chunk() throws Malformed, Incomplete {
    return Integer.parseInt(match(CHUNK).group(1), 16);
  }

  private String bytes(long count) throws Incomplete {
    if (count > text.length() - at) {
      throw new Incomplete();
    }
    at += (int) count;
    return text.substring(at - (int) count, at);
  }

  private void expectLineEnd() throws Malformed, Incomplete {
    if (!bytes(2).equals("\r\n")) {
      throw new Malformed();
    }
  }

  private Matcher match(Pattern pattern) throws Malformed, Incomplete {
    int end = text.indexOf("\r\n", at);
    int stray = text.indexOf('\n', at);
    if (end < 0 && stray < 0) {
      throw new Incomplete();
    }
    if (end < 0 || stray < end) {
      throw new Malformed();
    }
    Matcher line = pattern.matcher(text.substring(at, end));
    if (!line.matches()) {
      throw new Malformed();
    }
    at = end + 2;
    return line;
  }

  /** What of the fields decides where a request ends. */
  private static final class Fields {

    private int hosts;
    private int lengths;
    private int codings;
    private long length;
    private boolean close;
    private boolean keepAlive;
    private boolean unreadable;

    private void add(String name, String value) {
      switch (name) {
        case "host" -> hosts++;
        case "content-length" -> length(value);
        case "transfer-encoding" -> coding(value);
        case "connection" -> connection(value.toLowerCase(Locale.ROOT));
        default -> {}
      }
    }

    private void length(String value) {
      lengths++;
      unreadable |= !value.matches("[0-9]{1,18}");
      length = unreadable ? 0 : Long.parseLong(value);
    }

    private void coding(String value) {
      codings++;
      unreadable |= !value.equalsIgnoreCase("chunked");
    }

    private void connection(String value) {
      List<String> options = List.of(value.split("[ \\t]*,[ \\t]*"));
      close |= options.contains("close");
      keepAlive |= options.contains("keep-alive");
    }

    private boolean malformed(boolean http11) {
      return unreadable || lengths + codings > 1 || (codings > 0 && !http11);
    }
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static final class Incomplete extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
