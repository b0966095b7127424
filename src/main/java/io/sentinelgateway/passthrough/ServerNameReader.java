package io.sentinelgateway.passthrough;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the name that a TLS client asks for (RFC 6066 section 3) from its ClientHello, in however
 * many records and segments that comes, and leaves; what was read goes on unchanged. What is no TLS
 * asks for no name. Confined to the connection's event loop.
 */
final class ServerNameReader extends AbstractSniHandler<Void> {

  /** Few are above two KiB, with post-quantum keys too. */
  private static final int MAX_CLIENT_HELLO_BYTES = 16 * 1024;

  /** The time limit is the passage's: it holds for a PROXY header as well. */
  private static final long NO_TIMEOUT = 0;

  private final Passage passage;

  ServerNameReader(Passage passage) {
    super(MAX_CLIENT_HELLO_BYTES, NO_TIMEOUT);
    this.passage = passage;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    try {
      super.decode(context, in, out);
    } catch (TooLongFrameException e) {
      passage.helloTooLarge();
    }
  }

  @Override
  protected Future<Void> lookup(ChannelHandlerContext context, @Nullable String name) {
    return context.executor().newSucceededFuture(null);
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext context, @Nullable String name, Future<Void> found) {
    passage.asked(name == null ? "" : name);
    if (!context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }
}
