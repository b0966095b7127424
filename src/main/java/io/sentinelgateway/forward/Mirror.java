package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.route.RequestMatch;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.split.Choice;
import io.sentinelgateway.upstream.Upstream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are copied to another upstream. Immutable but for the counts of copies in
 * flight, each of which belongs to one event loop.
 *
 * <p>A copy takes its place before its content has come, so that what all copies of a loop keep is
 * bounded by {@code in-flight} times {@code content}.
 */
final class Mirror {

  private final Upstream upstream;
  private final Percent percent;
  private final double share;
  private final @Nullable RequestMatch when;
  private final long contentBytes;
  private final Duration timeout;
  private final int most;
  private final int[] inFlight;

  /**
   * @param loops number of event loops
   */
  Mirror(MirrorSettings settings, Upstream upstream, int loops) {
    this.upstream = upstream;
    this.percent = settings.percent();
    this.share = percent.share();
    this.when = settings.when().map(RequestMatch::of).orElse(null);
    this.contentBytes = settings.content().bytes();
    this.timeout = settings.timeout();
    this.most = settings.inFlight();
    this.inFlight = new int[loops];
  }

  Upstream upstream() {
    return upstream;
  }

  /** Limit for one copy, from the whole request to the last byte of the answer. */
  Duration timeout() {
    return timeout;
  }

  /**
   * A copy of this request, whose content nobody has read yet; {@code null} when there shall be or
   * can be none.
   */
  @Nullable MirrorCopy copy(Exchange exchange) {
    if (!wants(exchange)) {
      return null;
    }
    Loop loop = exchange.loop();
    RequestBody content = exchange.content();
    if (content.length() > contentBytes) {
      loop.mirrored(upstream.id(), MirrorResult.CONTENT_TOO_LARGE);
      return null;
    }
    if (inFlight[loop.index()] >= most) {
      loop.mirrored(upstream.id(), MirrorResult.IN_FLIGHT);
      return null;
    }
    inFlight[loop.index()]++;
    MirrorCopy copy = new MirrorCopy(this, exchange);
    if (content.present()) {
      copy.keep(contentBytes);
    }
    return copy;
  }

  /** Who gets a copy, and under which conditions; {@code null} when a request has no copy. */
  @Nullable Choice explain(RequestHead head) {
    if (!asked(head)) {
      return null;
    }
    String chance = share < 1 ? percent + " by chance" : "";
    String condition = when == null ? "" : "when " + when.describe();
    String comma = chance.isEmpty() || condition.isEmpty() ? "" : ", ";
    return new Choice(List.of(upstream), condition + comma + chance);
  }

  private boolean wants(Exchange exchange) {
    return (share >= 1 || exchange.loop().random().nextDouble() < share) && asked(exchange.head());
  }

  private boolean asked(RequestHead head) {
    return when == null || when.matches(head);
  }

  /** A copy has ended, or never began. */
  void ended(Loop loop, MirrorResult result) {
    inFlight[loop.index()]--;
    loop.mirrored(upstream.id(), result);
  }
}
