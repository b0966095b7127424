package io.sentinelgateway.config;

import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether clients show a certificate, and whose are taken. A certificate that is shown but not
 * taken always ends the handshake.
 */
public record ClientAuthConfig(
    @Doc(
            "`request`: clients may show a certificate; `require`: who shows none is refused;"
                + " `none`: nobody is asked.")
        Mode mode,
    @Doc("File with the authorities that may have issued it, in PEM format; not with `none`.")
        Optional<PemFile> ca,
    @Doc(
            "File with revocation lists, in PEM format, of every authority on the way to a"
                + " certificate; whose list is missing or out of date is refused. Absent: revocation"
                + " is not looked at.")
        Optional<PemFile> crl) {

  /** Nobody is asked. */
  public static final ClientAuthConfig NONE =
      new ClientAuthConfig(Mode.NONE, Optional.empty(), Optional.empty());

  /** What is asked of a client; each constant asks more than the one before. */
  public enum Mode {
    NONE,
    REQUEST,
    REQUIRE
  }

  void check(Problems problems) {
    boolean none = mode == Mode.NONE;
    problems.at("ca").require(none || ca.isPresent(), "absent (expected: who issues certificates)");
    problems.require(
        !none || (ca.isEmpty() && crl.isEmpty()), "mode none (expected: neither ca nor crl)");
  }

  /**
   * Whether a connection of a client that met this may be used where the other is asked. Files
   * count by their paths: a renewed list does not part a client from its connection.
   */
  public boolean covers(ClientAuthConfig other) {
    return other.mode == Mode.NONE
        || (mode.compareTo(other.mode) >= 0
            && path(ca).equals(path(other.ca))
            && path(crl).equals(path(other.crl)));
  }

  private static Optional<Path> path(Optional<PemFile> file) {
    return file.map(PemFile::path);
  }
}
