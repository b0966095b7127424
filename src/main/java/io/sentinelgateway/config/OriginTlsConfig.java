package io.sentinelgateway.config;

import io.sentinelgateway.config.TlsConfig.Version;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Word;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How TLS is spoken with the targets of an upstream. */
public record OriginTlsConfig(
    @Doc("The name to ask for (SNI) and to find in the certificate; absent: the target's host.")
        Optional<String> serverName,
    @Doc("Files with the authorities that are trusted, in PEM format; none: the Java platform's.")
        @Default("[]")
        List<PemFile> trust,
    @Doc("What a target's certificate must be.") @Default("full") Verify verify,
    @Doc(
            "SHA-256 of the public keys (SubjectPublicKeyInfo) that a target may have, in Base64;"
                + " none: any. Holds beside `verify`.")
        @Default("[]")
        List<String> pins,
    @Doc("File with the certificate to show to a target that asks for one; absent: none.")
        Optional<PemFile> cert,
    @Doc("File with its private key, RSA or EC, without a passphrase.") Optional<PemFile> key,
    @Doc("The oldest version that is spoken.") @Default("\"1.2\"") Version minVersion,
    @Doc("The newest version that is spoken.") @Default("\"1.3\"") Version maxVersion,
    @Doc(
            "In order of preference. Rules the versions that it names a suite of; the others have"
                + " all that are known here. BoringSSL speaks TLS 1.3 with all three of it or not at"
                + " all.")
        @Default("[]")
        List<CipherSuite> cipherSuites) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
  private static final int SHA_256_BYTES = 32;

  void check(List<TargetConfig> targets, Problems problems) {
    serverName.ifPresent(
        name ->
            problems
                .at("server-name")
                .require(NAME.matcher(name).matches(), name + " (expected: a host name)"));
    problems
        .at("server-name")
        .require(
            verify == Verify.NONE
                || serverName.isPresent()
                || targets.stream().noneMatch(target -> target.address().unix()),
            "none (expected: a host name, because a Unix socket has none)");
    problems
        .at("verify")
        .require(
            verify == Verify.FULL || trust.isEmpty(), "none beside trust (expected: one of both)");
    if (verify == Verify.NONE && pins.isEmpty()) {
      problems
          .at("verify")
          .warn("none: anybody on the way can pretend to be the target (expected: full, or pins)");
    }
    problems
        .at("cert")
        .require(cert.isPresent() == key.isPresent(), "without key (expected: both, or none)");
    problems
        .at("max-version")
        .require(
            maxVersion.compareTo(minVersion) >= 0, "below min-version (expected: not below it)");
    for (int i = 0; i < pins.size(); i++) {
      problems
          .at("pins")
          .at(i)
          .require(digest(pins.get(i)), pins.get(i) + " (expected: 32 bytes in Base64)");
    }
  }

  /** The versions by their standard names. */
  public Set<String> protocols() {
    return Arrays.stream(Version.values())
        .filter(version -> version.compareTo(minVersion) >= 0)
        .filter(version -> version.compareTo(maxVersion) <= 0)
        .map(version -> version == Version.TLS_1_2 ? "TLSv1.2" : "TLSv1.3")
        .collect(Collectors.toUnmodifiableSet());
  }

  /** True when the other settings ask for the same, whatever the contents of their files. */
  boolean sameRules(OriginTlsConfig other) {
    return equals(other.reading(trust, cert, key))
        && paths(trust).equals(paths(other.trust))
        && paths(cert.stream().toList()).equals(paths(other.cert.stream().toList()))
        && paths(key.stream().toList()).equals(paths(other.key.stream().toList()));
  }

  private OriginTlsConfig reading(
      List<PemFile> trust, Optional<PemFile> cert, Optional<PemFile> key) {
    return new OriginTlsConfig(
        serverName, trust, verify, pins, cert, key, minVersion, maxVersion, cipherSuites);
  }

  private static List<Path> paths(List<PemFile> files) {
    return files.stream().map(PemFile::path).toList();
  }

  private static boolean digest(String pin) {
    try {
      return Base64.getDecoder().decode(pin).length == SHA_256_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What a certificate must be. */
  public enum Verify {
    /** Valid now, by a trusted authority, and for the name that was asked for. */
    @Word("full")
    FULL,
    /** Anything. */
    @Word("none")
    NONE
  }
}
