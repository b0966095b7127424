package io.sentinelgateway.verticle;

import io.sentinelgateway.runtime.ListenerTls;
import io.sentinelgateway.tls.ExpiryWarnings;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS needs now and then: keys of session tickets are rotated, and certificates that expire
 * soon are said to. For one thread at a time.
 */
final class TlsUpkeep {

  /** How often it has to be done; the shortest rotation is as long. */
  static final Duration PERIOD = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(TlsUpkeep.class);

  private final SecureRandom random = new SecureRandom();
  private final ExpiryWarnings warnings = new ExpiryWarnings();

  /**
   * @param inUse by the configuration in force
   */
  void run(Collection<ListenerTls> inUse, InstantSource clock, LongSupplier nanoTime) {
    warnings
        .due(inUse.stream().map(ListenerTls::certificates).toList(), clock.instant())
        .forEach(line -> LOG.warn("{}", line));
    long now = nanoTime.getAsLong();
    inUse.forEach(tls -> tls.server().rotate(now, random));
  }
}
