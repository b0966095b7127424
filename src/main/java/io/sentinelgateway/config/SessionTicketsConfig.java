package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** How clients resume sessions by tickets (RFC 8446 section 2.2, RFC 5077). */
public record SessionTicketsConfig(
    @Doc(
            "File with keys of 80 random bytes each, shared among replicas; the first one seals"
                + " tickets, all open them. Needs BoringSSL. Absent: random keys of this process.")
        Optional<PemFile> keys,
    @Doc(
            "How long a random key seals tickets; it opens them twice as long again. The JDK's own"
                + " keys last an hour, whatever stands here.")
        @Default("12h")
        @Range(min = "1m", max = "168h")
        Duration rotate) {

  /** The keys can change while a listener is open. */
  SessionTicketsConfig withoutKeys() {
    return new SessionTicketsConfig(Optional.empty(), rotate);
  }
}
