package io.sentinelgateway.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers which certificates were said to expire soon, so that each is said once a day. For one
 * thread at a time.
 */
public final class ExpiryWarnings {

  static final Duration SOON = Duration.ofDays(30);
  private static final Duration PAUSE = Duration.ofDays(1);

  private Map<String, Instant> said = Map.of();

  /** What is to be said now; one line for each certificate that expires within 30 days. */
  public List<String> due(Collection<CertificateSet> inUse, Instant now) {
    Map<String, Instant> still = new HashMap<>();
    Map<String, String> lines = new LinkedHashMap<>();
    for (CertificateSet set : inUse) {
      for (ServerCertificate each : set.certificates()) {
        if (each.expires().minus(SOON).isBefore(now)) {
          Instant last = said.get(each.alias());
          boolean due = last == null || !last.plus(PAUSE).isAfter(now);
          still.put(each.alias(), due ? now : last);
          if (due) {
            lines.put(each.alias(), line(each, now));
          }
        }
      }
    }
    said = still;
    return List.copyOf(lines.values());
  }

  private static String line(ServerCertificate certificate, Instant now) {
    Instant end = certificate.expires();
    return certificate.file()
        + (end.isBefore(now)
            ? " expired at " + end
            : " expires at " + end + ", in " + Duration.between(now, end).toDays() + " days");
  }
}
