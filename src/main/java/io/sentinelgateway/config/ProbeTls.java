package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import java.util.Optional;

/** TLS of an active check. */
public record ProbeTls(
    @Doc("Certificates that are trusted, in PEM format; absent: those of the Java platform.")
        Optional<PemFile> trust,
    @Doc("Takes whatever certificate the target shows.") @Default("false") boolean insecure,
    @Doc("The name to ask for (SNI) and to find in the certificate; absent: the target's host.")
        Optional<String> serverName) {}
