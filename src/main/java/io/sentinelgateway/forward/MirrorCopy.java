package io.sentinelgateway.forward;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.forward.MirrorAttempt.Content;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A copy of one request until it is sent. It goes when the content is there as a whole, at the pace
 * that the request itself sets; whatever becomes of it, the request does not learn of it. Confined
 * to the event loop of the request.
 */
final class MirrorCopy implements KeptContent.Keeper, PickContext {

  private final Mirror mirror;
  private final Exchange exchange;
  private @Nullable KeptContent content;
  private boolean over;

  MirrorCopy(Mirror mirror, Exchange exchange) {
    this.mirror = mirror;
    this.exchange = exchange;
  }

  /** Keeps the content when the request reads it, up to so many bytes. */
  void keep(long limit) {
    content = new KeptContent(exchange.content(), limit, this);
    exchange.content(content);
  }

  /**
   * The request itself is on its way.
   *
   * @param answer what it gets
   */
  void begin(Future<ProxyResponse> answer) {
    if (content == null) {
      send(List.of(), null);
    } else if (!over) {
      // Who is answered before the content has come may be sending it for hours.
      answer.onComplete(any -> drop(MirrorResult.INCOMPLETE));
    }
  }

  @Override
  public void whole(List<Buffer> chunks, @Nullable MultiMap trailers) {
    if (!over) {
      send(chunks, trailers);
    }
  }

  @Override
  public void tooLarge() {
    drop(MirrorResult.CONTENT_TOO_LARGE);
  }

  private void drop(MirrorResult reason) {
    if (!over) {
      over = true;
      if (content != null) {
        content.forget();
      }
      mirror.ended(exchange.loop(), reason);
    }
  }

  private void send(List<Buffer> chunks, @Nullable MultiMap trailers) {
    Lease lease = lease();
    if (lease == null) {
      drop(MirrorResult.NO_TARGET);
    } else {
      over = true;
      new MirrorAttempt(mirror, exchange, lease, new Content(chunks, trailers)).begin();
    }
  }

  private @Nullable Lease lease() {
    return mirror.upstream().lease(this, exchange.loop().nanoTime());
  }

  @Override
  public boolean eligible(Target target) {
    return mirror.upstream().usable(target);
  }

  @Override
  public Exchange exchange() {
    return exchange;
  }
}
