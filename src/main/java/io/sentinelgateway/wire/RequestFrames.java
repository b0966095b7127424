package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Sees a client's field sections before Vert.x does. Resets requests whose pseudo-header fields
 * Vert.x would misread, gives every request one Host that agrees with {@code :authority}, and keeps
 * what Vert.x drops: whether a request ends with its head, and its trailer section. Confined to the
 * connection's event loop.
 */
final class RequestFrames extends Http2FrameListenerDecorator {

  private final Http2Connection connection;
  private final Http2Connection.PropertyKey key;
  private final Http2Codec codec;

  /** What is remembered of a request. */
  static final class Section {
    final boolean endsWithHead;
    @Nullable Http2Headers trailers;

    Section(boolean endsWithHead) {
      this.endsWithHead = endsWithHead;
    }
  }

  RequestFrames(Http2FrameListener next, Http2Codec codec) {
    super(next);
    this.codec = codec;
    this.connection = codec.connection();
    this.key = codec.sections();
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    codec.boundCompression();
    super.onSettingsRead(context, settings);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers fields, int padding, boolean last)
      throws Http2Exception {
    judge(id, fields, last);
    super.onHeadersRead(context, id, fields, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers fields,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    judge(id, fields, last);
    // RFC 9113 section 5.3.2: priorities mean nothing any more.
    super.onHeadersRead(context, id, fields, padding, last);
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext context, int id, int dependency, short weight, boolean exclusive) {
    // RFC 9113 section 5.3.2 again.
  }

  private void judge(int id, Http2Headers fields, boolean last) throws Http2Exception {
    Http2Stream stream = connection.stream(id);
    Section section = stream.getProperty(key);
    if (section != null) {
      section.trailers = fields;
      return;
    }
    stream.setProperty(key, new Section(last));
    String wrong = wrong(fields);
    if (wrong != null) {
      throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, wrong);
    }
  }

  private static @Nullable String wrong(Http2Headers fields) {
    CharSequence method = fields.method();
    if (method == null
        || method.length() == 0
        || HttpHeaderValidationUtil.validateToken(method) >= 0) {
      return ":method (expected: a token)";
    }
    if (fields.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value())) {
      // RFC 8441 section 3: only where the server has announced it.
      return ":protocol (expected: none)";
    }
    if (!AsciiString.contentEquals(method, "CONNECT")) {
      String target = wrongTarget(fields.scheme(), fields.path());
      if (target != null) {
        return target;
      }
    }
    return wrongAuthority(fields);
  }

  private static @Nullable String wrongTarget(
      @Nullable CharSequence scheme, @Nullable CharSequence path) {
    if (scheme == null
        || !(AsciiString.contentEqualsIgnoreCase(scheme, "https")
            || AsciiString.contentEqualsIgnoreCase(scheme, "http"))) {
      return ":scheme (expected: http or https)";
    }
    // RFC 9113 section 8.3.1; what stands in the path is judged with that of other versions.
    if (path == null
        || path.length() == 0
        || (path.charAt(0) != '/' && !AsciiString.contentEquals(path, "*"))) {
      return ":path (expected: /path)";
    }
    return null;
  }

  /** RFC 9113 section 8.3.1: where both are there they must not differ. */
  private static @Nullable String wrongAuthority(Http2Headers fields) {
    CharSequence authority = fields.authority();
    CharSequence host = fields.get(HttpHeaderNames.HOST);
    if (authority == null && host != null) {
      fields.authority(host);
    } else if (authority != null && host == null) {
      fields.set(HttpHeaderNames.HOST, authority);
    } else if (authority != null && !AsciiString.contentEqualsIgnoreCase(authority, host)) {
      return "Host (expected: the same as :authority)";
    }
    return null;
  }
}
