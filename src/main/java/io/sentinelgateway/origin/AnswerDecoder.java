package io.sentinelgateway.origin;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;

import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.KeepAlive;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Netty's decoder for answers, told what is asked: whether content can follow a head at all, and
 * where its field lines shall go, so that they are copied once. Confined to the connection's event
 * loop.
 */
final class AnswerDecoder extends HttpResponseDecoder {

  private static final int MAX_STATUS_LINE = 8 * 1024;
  private static final int MAX_HEADER_SECTION = 64 * 1024;
  private static final int MAX_CHUNK = 64 * 1024;

  private static final CharSequence KEEP_ALIVE = AsciiString.cached("keep-alive");

  private MultiMap fields = io.vertx.core.http.HttpHeaders.headers();
  private @Nullable MultiMap wanted;
  private boolean apart;
  private boolean headRequest;
  private boolean contentless;
  private @Nullable String coding;
  private boolean keepAliveDefault;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_STATUS_LINE)
            .setMaxHeaderSize(MAX_HEADER_SECTION)
            .setMaxChunkSize(MAX_CHUNK)
            .setTrailersFactory(new Fields()));
  }

  /**
   * A request was sent.
   *
   * @param fieldsGoTo gets the lines of its final head, if it is of a class that can
   */
  void asked(boolean head, MultiMap fieldsGoTo) {
    headRequest = head;
    wanted = fieldsGoTo;
  }

  /** The field lines of the head that was read last. */
  MultiMap fields() {
    return fields;
  }

  /** True when they are not where they were wanted. */
  boolean apart() {
    return apart;
  }

  /** True when the content is coded in a way that nobody asked for. */
  boolean unknownCoding() {
    return coding != null && !coding.equalsIgnoreCase("chunked");
  }

  /**
   * Bytes of content that follow the head; 0 for none, -1 when the end shows itself (RFC 9112
   * section 6.3). The decoder has refused everything but digits.
   */
  long length() {
    if (contentless) {
      return 0;
    }
    String length = coding == null ? fields.get(CONTENT_LENGTH) : null;
    return length == null ? -1 : Long.parseLong(length);
  }

  /** True when only the close of the connection ends the content. */
  boolean endsWithConnection() {
    return coding == null && length() < 0;
  }

  /** True when the connection may carry another request (RFC 9112 section 9.3). */
  boolean keepsConnection() {
    if (endsWithConnection()) {
      return false;
    }
    ConnectionOptions options = ConnectionOptions.of(fields);
    return keepAliveDefault ? !options.close() : options.keepAlive() && !options.close();
  }

  /** How long the origin server keeps a connection that is not used; -1 when it does not say. */
  int restSeconds() {
    return KeepAlive.timeoutSeconds(fields.get(KEEP_ALIVE));
  }

  /** True when bytes are left that are no complete part of a message yet. */
  boolean leftover() {
    return actualReadableBytes() > 0;
  }

  @Override
  protected HttpMessage createMessage(String[] statusLine) {
    int status = status(statusLine[1]);
    MultiMap goTo = status >= 200 && wanted instanceof HttpHeaders ? wanted : null;
    apart = goTo == null;
    fields = goTo == null ? io.vertx.core.http.HttpHeaders.headers() : goTo;
    return new DefaultHttpResponse(
        version(statusLine[0]), HttpResponseStatus.valueOf(status), (HttpHeaders) fields);
  }

  private static HttpVersion version(String text) {
    if (text.equals("HTTP/1.1")) {
      return HttpVersion.HTTP_1_1;
    }
    if (text.equals("HTTP/1.0")) {
      return HttpVersion.HTTP_1_0;
    }
    throw new IllegalArgumentException("version (expected: HTTP/1.0 or HTTP/1.1)");
  }

  private static int status(String text) {
    int status = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      status = digit < 0 || digit > 9 ? -1000 : status * 10 + digit;
    }
    if (text.length() != 3 || status < 100) {
      throw new IllegalArgumentException("status (expected: three digits)");
    }
    return status;
  }

  /** Called when the field lines are complete. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = ((HttpResponse) message).status().code();
    contentless = headRequest || status < 200 || status == 204 || status == 304;
    coding = fields.get(TRANSFER_ENCODING);
    keepAliveDefault = message.protocolVersion().isKeepAliveDefault();
    return contentless;
  }

  /** Nobody asks for another protocol here, so an answer that claims one ends with its head. */
  @Override
  protected boolean isSwitchingToNonHttp1Protocol(HttpResponse message) {
    return false;
  }

  /**
   * Netty takes much for a name in an answer. Nothing is one, though, and between a name and its
   * colon may only be white space, which a proxy removes (RFC 9112 section 5.1).
   */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    int colon = start + length;
    while (colon < line.length && (line[colon] == ' ' || line[colon] == '\t')) {
      colon++;
    }
    if (length == 0 || colon == line.length || line[colon] != ':') {
      throw new IllegalArgumentException("field line (expected: a name and a colon)");
    }
    AsciiString known = FieldNames.known(line, start, length);
    return known == null ? super.splitHeaderName(line, start, length) : known;
  }

  /** Sections of the library's class: it validates, and takes no memory before the first line. */
  private static final class Fields implements HttpHeadersFactory {

    @Override
    public HttpHeaders newHeaders() {
      return (HttpHeaders) io.vertx.core.http.HttpHeaders.headers();
    }

    @Override
    public HttpHeaders newEmptyHeaders() {
      return newHeaders();
    }
  }
}
