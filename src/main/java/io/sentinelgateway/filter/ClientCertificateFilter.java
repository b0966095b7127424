package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.ClientCertificate;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code client-certificate}: tells the origin who the client has proved to be. Immutable; shared
 * by all loops.
 *
 * <p>The fields belong to the gateway: what a client sends under their names never gets further,
 * whether it has shown a certificate or not, trusted proxies included.
 */
final class ClientCertificateFilter implements Filter, Pure {

  /** Settings of {@code type: client-certificate}. */
  @Doc(
      "Tells the origin who the client has proved to be by its certificate; what clients send in"
          + " these fields is taken away.")
  record Settings(
      @Doc(value = "Field for `true` or `false`: was one shown?", example = "X-Client-Verified")
          Optional<String> verified,
      @Doc(value = "Field for the subject (RFC 2253).", example = "X-Client-Subject")
          Optional<String> subject,
      @Doc(
              value = "Field for the subject alternative names, such as `DNS:a.example,URI:...`.",
              example = "X-Client-San")
          Optional<String> san,
      @Doc(
              value = "Field for the SHA-256 of the certificate, in hexadecimal digits.",
              example = "X-Client-Fingerprint")
          Optional<String> fingerprint,
      @Doc(
              value = "Field for the whole certificate in PEM format, percent-encoded.",
              example = "X-Client-Cert")
          Optional<String> pem)
      implements FilterSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      Set<String> names = new HashSet<>();
      check("verified", verified, names, problems);
      check("subject", subject, names, problems);
      check("san", san, names, problems);
      check("fingerprint", fingerprint, names, problems);
      check("pem", pem, names, problems);
      problems.require(!names.isEmpty(), "tells nothing (expected: subject, or another field)");
    }

    private static void check(
        String key, Optional<String> field, Set<String> names, Problems problems) {
      if (field.isPresent()) {
        FieldNames.check(field.get(), problems.at(key));
        problems
            .at(key)
            .require(
                names.add(field.get().toLowerCase(Locale.ROOT)),
                field.get() + " (expected: a field of its own)");
      }
    }
  }

  /** A field and what it tells; {@code null}: the field is left out. */
  private record Line(
      CharSequence name, Function<@Nullable ClientCertificate, @Nullable String> value) {}

  private final Line[] lines;

  ClientCertificateFilter(Settings settings, FilterWiring wiring) {
    List<Line> all = new ArrayList<>();
    settings
        .verified()
        .ifPresent(
            name -> all.add(new Line(field(name), shown -> shown == null ? "false" : "true")));
    add(all, settings.subject(), ClientCertificate::subject);
    add(all, settings.san(), ClientCertificate::alternativeNames);
    add(all, settings.fingerprint(), ClientCertificate::fingerprint);
    add(all, settings.pem(), ClientCertificate::pem);
    this.lines = all.toArray(Line[]::new);
  }

  private static void add(
      List<Line> all, Optional<String> name, Function<ClientCertificate, String> value) {
    name.ifPresent(
        present ->
            all.add(new Line(field(present), shown -> shown == null ? null : value.apply(shown))));
  }

  private static CharSequence field(String name) {
    return HttpHeaders.createOptimized(name);
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    MultiMap fields = exchange.head().fields();
    ClientCertificate shown = exchange.client().certificate();
    for (Line line : lines) {
      String value = line.value.apply(shown);
      if (value == null || value.isEmpty()) {
        fields.remove(line.name);
      } else {
        fields.set(line.name, value);
      }
    }
    return next.handle(exchange);
  }
}
