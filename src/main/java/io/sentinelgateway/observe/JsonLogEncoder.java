package io.sentinelgateway.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;

/** One line of JSON per event of the gateway's own log. Called by one thread at a time. */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {

  private final Rfc3339 time = new Rfc3339();
  private final JsonLine line = new JsonLine(1024);

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    line.truncate(0);
    line.begin()
        .text("time", time.format(event.getTimeStamp()))
        .text("level", event.getLevel().toString())
        .text("logger", event.getLoggerName())
        .text("thread", event.getThreadName())
        .text("message", event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.text("stack", ThrowableProxyUtil.asString(thrown));
    }
    line.endLine();
    return line.toBytes();
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
