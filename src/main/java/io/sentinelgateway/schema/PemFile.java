package io.sentinelgateway.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A file in PEM format (RFC 7468) as it was when the configuration was read. Two are equal when
 * path and content are: so a certificate that was renewed in its file makes another configuration.
 * Shown as its path, never as its content. Immutable.
 */
@Syntax(expected = "a file that can be read", pattern = "^.+$", example = "/etc/tls/tls.crt")
public final class PemFile {

  private static final int MAX_BYTES = 1024 * 1024;

  private final String path;
  private final byte[] content;

  private PemFile(String path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /**
   * Reads the file; a relative path begins at the working directory. Blocking.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  public static PemFile parse(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("empty (expected: a file that can be read)");
    }
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new IllegalArgumentException(path + " is too large (expected: at most 1MiB)");
      }
      return new PemFile(path, content);
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          path
              + " cannot be read: "
              + e.getClass().getSimpleName()
              + " (expected: a file that can be read)",
          e);
    }
  }

  /** Holds nothing: in the place of a file that could not be read, so that others are looked at. */
  public static PemFile standIn() {
    return new PemFile("", new byte[0]);
  }

  /** Where it was read. */
  public Path path() {
    return Path.of(path);
  }

  /** A copy of its bytes; may hold a private key. */
  public byte[] content() {
    return content.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PemFile file
        && path.equals(file.path)
        && MessageDigest.isEqual(content, file.content);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path;
  }
}
