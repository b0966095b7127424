package io.sentinelgateway.handler;

import io.sentinelgateway.handler.StaticFile.Representation;
import io.sentinelgateway.http.EntityTag;
import io.sentinelgateway.http.HttpDate;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditional requests for GET and HEAD, RFC 9110 section 13. Pure; any thread. */
final class Preconditions {

  private Preconditions() {}

  /** The status the conditions demand, in the order of section 13.2.2; 200 when they hold. */
  static int evaluate(MultiMap request, Representation file) {
    String match = joined(request, HttpHeaders.IF_MATCH);
    if (match != null) {
      if (!file.tag().matchesStrongly(match)) {
        return 412;
      }
    } else if (after(file, request.get("if-unmodified-since"))) {
      return 412;
    }
    String noneMatch = joined(request, HttpHeaders.IF_NONE_MATCH);
    if (noneMatch != null) {
      return file.tag().matchesWeakly(noneMatch) ? 304 : 200;
    }
    return notAfter(file, request.get(HttpHeaders.IF_MODIFIED_SINCE)) ? 304 : 200;
  }

  /** Whether a range may be sent: no If-Range, or it names exactly what there is (13.1.5). */
  static boolean rangeApplies(MultiMap request, Representation file) {
    String condition = request.get("if-range");
    if (condition == null) {
      return true;
    }
    if (EntityTag.parse(condition).isPresent()) {
      return file.tag().matchesStrongly(condition);
    }
    // A date is as good as a strong tag only if the file did not change within its second.
    return !file.tag().weak() && condition.strip().equals(file.lastModified());
  }

  private static boolean after(Representation file, @Nullable String date) {
    Optional<Instant> moment = date == null ? Optional.empty() : HttpDate.parse(date);
    return moment.isPresent() && file.modified() > moment.get().getEpochSecond();
  }

  private static boolean notAfter(Representation file, @Nullable String date) {
    Optional<Instant> moment = date == null ? Optional.empty() : HttpDate.parse(date);
    return moment.isPresent() && file.modified() <= moment.get().getEpochSecond();
  }

  private static @Nullable String joined(MultiMap fields, CharSequence name) {
    String one = fields.get(name);
    return one == null ? null : String.join(", ", fields.getAll(name));
  }
}
